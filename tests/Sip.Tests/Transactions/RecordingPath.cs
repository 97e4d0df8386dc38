using System.Text;

namespace VoiceGateway.Sip.Tests.Transactions;

/// <summary>A way back that keeps what was sent.</summary>
internal sealed class RecordingPath(bool isReliable) : IResponsePath
{
    public List<string> Sent { get; } = [];

    public bool IsReliable => isReliable;

    public bool Send(ReadOnlySpan<byte> message)
    {
        Sent.Add(Encoding.UTF8.GetString(message).Split("\r\n")[0]);
        return true;
    }
}
