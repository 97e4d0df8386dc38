using VoiceGateway.Codecs;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Live;

/// <summary>What excuses a late packet must excuse nothing else.</summary>
public sealed class UplinkFillsTests
{
    private const int Frame = 320;

    private static readonly short[] Line = Alignment.Resampled(Resampler.From8To16kHz(), GatewayRig.Line(0).Pcm8kHz.Span);

    [Fact]
    public void PutInForLatePackets_IsTakenOut_AndTheRestIsWhole()
    {
        var gateway = new Gateway();
        for (var packet = 0; packet < gateway.Packets; packet++)
        {
            gateway.Give(packet);
            if (packet is 40 or 41 or 90) gateway.Fill();
        }
        Assert.InRange(Alignment.SignalToNoiseDb(Line, gateway.Recording, 16000), -100, 10);
        Assert.InRange(Judged(gateway, 3), 30, double.PositiveInfinity);
        // Of more than the gateway owns up to nothing is excused.
        Assert.InRange(Judged(gateway, 2), -100, 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Lacking_IsNeverExcused(int filled)
    {
        var gateway = new Gateway();
        for (var packet = 0; packet < gateway.Packets; packet++)
        {
            if (packet == 60) continue;
            gateway.Give(packet);
            if (packet < filled) gateway.Fill();
        }
        Assert.InRange(Judged(gateway, filled), -100, 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TwoPlacesChanged_AreNeverExcused(int most)
    {
        var gateway = new Gateway();
        for (var packet = 0; packet < gateway.Packets; packet++) gateway.Give(packet switch { 60 => 61, 61 => 60, _ => packet });
        Assert.InRange(Judged(gateway, most), -100, 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void HeardTwice_IsNotExcused_ByWhatWasPutIn(int filled)
    {
        var gateway = new Gateway();
        for (var packet = 0; packet < gateway.Packets; packet++)
        {
            gateway.Give(packet);
            if (packet == 60) gateway.Give(packet);
            if (packet == 90 && filled > 0) gateway.Fill();
        }
        Assert.InRange(Judged(gateway, filled), -100, 20);
    }

    private static double Judged(Gateway gateway, int most) => Alignment.SignalToNoiseDb(Line, UplinkFills.TakenOut(Line, gateway.Recording, most), 16000);

    // A caller's line as the gateway brings it to the model, silence before and after it.
    private sealed class Gateway
    {
        private readonly short[] _said = GatewayRig.Line(0).Pcm8kHz.ToArray();
        private readonly Concealer _concealer = new(8000);
        private readonly Resampler _resampler = Resampler.From8To16kHz();
        private readonly List<short> _recording = [.. new short[30 * Frame]];

        public int Packets => _said.Length / (Frame / 2);

        public short[] Recording => [.. _recording, .. new short[100 * Frame]];

        public void Give(int packet)
        {
            var pcm = _said.AsSpan(packet * Frame / 2, Frame / 2).ToArray();
            _concealer.Good(pcm);
            Add(pcm);
        }

        public void Fill()
        {
            var pcm = new short[Frame / 2];
            _concealer.Lost(pcm);
            Add(pcm);
        }

        private void Add(short[] pcm8kHz)
        {
            var pcm = new short[Frame];
            _recording.AddRange(pcm.AsSpan(0, _resampler.Process(pcm8kHz, pcm)));
        }
    }
}
