namespace VoiceGateway.GeminiLive.Tests;

/// <summary>A caller who talks in numbered frames: the first sample of each is its number.</summary>
internal sealed class LinkCaller(LiveLink link)
{
    private readonly short[] _frame = new short[PcmFormat.SamplesPerFrame];

    public int Sent { get; private set; }

    public void Say(int frames) => Send(frames, voiced: true);

    public void Pause(int frames) => Send(frames, voiced: false);

    private void Send(int frames, bool voiced)
    {
        for (var i = 0; i < frames; i++)
        {
            _frame[0] = (short)Sent++;
            link.SendAudio(_frame, voiced);
        }
    }
}
