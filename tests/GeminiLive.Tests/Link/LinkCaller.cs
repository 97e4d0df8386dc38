namespace VoiceGateway.GeminiLive.Tests;

/// <summary>A caller who talks in numbered frames, over a narrowband line as most do.</summary>
internal sealed class LinkCaller(LiveLink link, bool narrowband = true)
{
    private readonly short[] _frame = new short[PcmFormat.SamplesPerFrame];

    public int Sent { get; private set; }

    public void Say(int frames) => Send(frames, voiced: true);

    public void Pause(int frames) => Send(frames, voiced: false);

    private void Send(int frames, bool voiced)
    {
        for (var i = 0; i < frames; i++)
        {
            NumberedFrame.Write(Sent++, _frame);
            link.SendAudio(_frame, voiced, narrowband);
        }
    }
}
