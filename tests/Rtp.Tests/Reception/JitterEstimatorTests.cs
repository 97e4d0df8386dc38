namespace VoiceGateway.Rtp.Tests.Reception;

public class JitterEstimatorTests
{
    private const long Millisecond = 10_000;
    private readonly JitterEstimator _jitter = new(8000, TimeSpan.TicksPerSecond);

    [Fact]
    public void OnPacket_EvenSpacing_IsZero()
    {
        for (uint i = 0; i < 100; i++)
            _jitter.OnPacket(i * 160, i * 20 * Millisecond);

        Assert.Equal(0, _jitter.Jitter);
    }

    [Fact]
    public void OnPacket_OneLatePacket_MovesBySixteenth()
    {
        _jitter.OnPacket(0, 0);
        _jitter.OnPacket(160, 30 * Millisecond); // 10 ms late: 80 units

        Assert.Equal(5, _jitter.Jitter, 3);
        Assert.Equal(5 / 8000.0, _jitter.JitterSeconds, 6);
    }

    [Fact]
    public void OnPacket_AlternatingTenMilliseconds_ConvergesToTen()
    {
        for (uint i = 0; i < 500; i++)
            _jitter.OnPacket(i * 160, ((i * 20) + (i % 2 * 10)) * Millisecond);

        Assert.Equal(0.010, _jitter.JitterSeconds, 4);
    }

    [Fact]
    public void OnPacket_TimestampWrap_IsNoJitter()
    {
        var timestamp = uint.MaxValue - 400;
        for (var i = 0; i < 10; i++)
        {
            _jitter.OnPacket(timestamp, i * 20 * Millisecond);
            timestamp += 160;
        }

        Assert.Equal(0, _jitter.Jitter);
    }

    [Fact]
    public void Restart_NewTimeline_IsNoJitter()
    {
        _jitter.OnPacket(0, 0);
        _jitter.Restart();
        _jitter.OnPacket(3_000_000_000, 20 * Millisecond);
        _jitter.OnPacket(3_000_000_160, 40 * Millisecond);

        Assert.Equal(0, _jitter.Jitter);
    }

    [Fact]
    public void OnPacket_HoursIntoTheCall_StaysExact()
    {
        const long Day = 24 * 3600 * 1000L;
        _jitter.OnPacket(0, 0);
        _jitter.OnPacket(unchecked((uint)(Day * 8)), Day * Millisecond);

        Assert.Equal(0, _jitter.Jitter, 1);
    }
}
