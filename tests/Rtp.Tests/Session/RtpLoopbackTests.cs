using System.Net;

namespace VoiceGateway.Rtp.Tests.Session;

/// <summary>Sessions talk to each other over real sockets, on a real clock.</summary>
[Collection(TimingCollection.Name)]
public class RtpLoopbackTests
{
    public static TheoryData<bool> Both => LibC.IsSupported ? [false, true] : [true];

    private sealed class Phone : IRtpReceiver, IDisposable
    {
        private readonly byte[] _frame = new byte[160];
        private readonly ClockLease _lease;
        private byte _next;
        private byte _expected;
        private bool _started;

        public Phone(PlayoutClock clock, bool portable = false)
        {
            var options = new RtpSessionOptions { Ports = TestPorts.Open(), TelephoneEventPayloadType = 101, PortableSockets = portable };
            Session = new RtpSession(options, this);
            _lease = clock.Add(Session);
        }

        public RtpSession Session { get; }

        public volatile bool IsTalking = true;

        public int Heard;

        public int OutOfOrder;

        public int Lost;

        public string Digits = "";

        public Exception? Fault;

        public void OnAudio(byte payloadType, ReadOnlySpan<byte> payload, uint timestamp, bool marker)
        {
            if (_started && payload[0] != _expected)
                OutOfOrder++;
            _started = true;
            _expected = (byte)(payload[0] + 1);
            Interlocked.Increment(ref Heard);
        }

        public void OnLost(int samples) => Lost += samples;

        public void OnStreamChanged(uint ssrc)
        {
        }

        public void OnDigit(char digit) => Digits += digit;

        public void OnTick(long deadlineStopwatchTicks)
        {
            if (!IsTalking)
                return;
            _frame.AsSpan().Fill(_next);
            if (Session.DigitsSent && Session.Send(0, _frame, 160, false))
                _next++;
            else if (!Session.DigitsSent)
                Session.Skip(160);
        }

        public void OnFault(Exception exception) => Fault = exception;

        public void Hang() => _lease.Dispose();

        public void Dispose()
        {
            _lease.Dispose();
            Session.Dispose();
        }
    }

    private static void Connect(Phone a, Phone b)
    {
        Assert.True(a.Session.SetRemote(b.Session.LocalEndPoint));
        Assert.True(b.Session.SetRemote(a.Session.LocalEndPoint));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task TwoSessions_OneCall_HearEachOtherAndTheirDigits(bool portable)
    {
        await using var clock = new PlayoutClock(new PlayoutClockOptions { Portable = portable });
        clock.Start();
        using var a = new Phone(clock, portable);
        using var b = new Phone(clock, portable);
        Connect(a, b);
        await Until.True(() => a.Heard > 20 && b.Heard > 20, "audio both ways");
        foreach (var digit in "11#9")
            Assert.True(a.Session.SendDigit(digit, 60));
        await Until.True(() => b.Digits.Length >= 4 && a.Session.DigitsSent, "four digits");
        var heard = b.Heard;
        await Until.True(() => b.Heard > heard + 5, "audio after the digits");
        a.Hang();
        b.Hang();

        Assert.Equal(("11#9", ""), (b.Digits, a.Digits));
        Assert.Equal((0, 0, 0, 0), (a.OutOfOrder, b.OutOfOrder, a.Lost, b.Lost));
        Assert.Equal((0, 0), (a.Session.Statistics.Foreign, a.Session.Statistics.Malformed));
        Assert.Null(a.Fault ?? b.Fault);
    }

    [Fact]
    public async Task TwoSessions_Reports_GiveLossJitterAndRoundTrip()
    {
        await using var clock = new PlayoutClock();
        clock.Start();
        using var a = new Phone(clock);
        using var b = new Phone(clock);
        Connect(a, b);
        await Until.True(
            () => a.Session.Statistics.RoundTrip is not null && b.Session.Statistics.RoundTrip is not null, "reports both ways", seconds: 60);

        var statistics = a.Session.Statistics;
        Assert.InRange(statistics.RoundTrip!.Value.TotalSeconds, 0, 1);
        Assert.InRange(statistics.RemoteFractionLost!.Value, 0, 0.2);
        Assert.InRange(statistics.JitterSeconds, 0, 0.2);
        Assert.Equal(0, statistics.RtcpMalformed + statistics.RtcpForeign);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task EightyCallsOnOneClock_AllHearAllAndGiveEverythingBack(bool portable)
    {
        var before = TestPorts.Allocator.InUse;
        await using var clock = new PlayoutClock(new PlayoutClockOptions { Portable = portable });
        clock.Start();
        var phones = Enumerable.Range(0, 80).Select(_ => new Phone(clock, portable)).ToArray();
        for (var i = 0; i < phones.Length; i += 2)
            Connect(phones[i], phones[i + 1]);
        await Until.True(() => phones.All(phone => phone.Heard >= 50), "a second of audio everywhere", seconds: 60);
        foreach (var phone in phones)
            phone.Hang();

        Assert.All(phones, phone =>
        {
            var statistics = phone.Session.Statistics;
            Assert.Null(phone.Fault);
            Assert.Equal((0, 0L, 0L), (phone.OutOfOrder, statistics.Late, statistics.SendErrors));
        });
        Array.ForEach(phones, phone => phone.Dispose());
        Assert.Equal((0, before), (clock.Count, TestPorts.Allocator.InUse));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task WarmedUp_PacketsAndTicks_AllocateNothing(bool portable)
    {
        await using var clock = new PlayoutClock(new PlayoutClockOptions { Portable = portable });
        clock.Start();
        var phones = Enumerable.Range(0, 40).Select(_ => new Phone(clock, portable)).ToArray();
        for (var i = 0; i < phones.Length; i += 2)
            Connect(phones[i], phones[i + 1]);
        var probe = new AllocationProbe();
        using var lease = clock.Add(probe);
        await Until.True(() => phones.All(phone => phone.Heard > 60), "warm-up");

        // Everything happens on the clock thread, so its own count is the exact one. Reports are sent meanwhile as well.
        var start = probe.Allocated;
        var heard = phones.Sum(phone => phone.Heard);
        await Until.True(() => phones.Sum(phone => phone.Heard) > heard + 5000, "5000 packets", seconds: 60);
        var allocated = probe.Allocated - start;
        Array.ForEach(phones, phone => phone.Dispose());

        Assert.Equal(0, allocated);
    }

    private sealed class AllocationProbe : IClocked
    {
        private long _allocated;

        public long Allocated => Volatile.Read(ref _allocated);

        public System.Net.Sockets.Socket? ReadableRtp => null;

        public System.Net.Sockets.Socket? ReadableRtcp => null;

        public void OnReadable()
        {
        }

        public void OnTick(long timestamp20ms) => Volatile.Write(ref _allocated, GC.GetAllocatedBytesForCurrentThread());

        public void OnFault(Exception exception)
        {
        }
    }

    [Fact]
    public async Task CrossThreadCalls_DuringACall_AreSafe()
    {
        await using var clock = new PlayoutClock();
        clock.Start();
        using var a = new Phone(clock);
        using var b = new Phone(clock);
        Connect(a, b);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                a.Session.SetRemote(i % 2 == 0 ? b.Session.LocalEndPoint : new IPEndPoint(IPAddress.Any, 1));
                a.Session.SetPayloadTypes(0, 8);
                a.Session.SetTelephoneEvent(101);
                if (i % 50 == 0)
                    a.Session.SendDigit("0123"[worker], 40);
                _ = a.Session.Statistics;
                _ = a.Session.ToString();
                await Task.Delay(1);
            }
        })));
        a.Session.SetRemote(b.Session.LocalEndPoint);
        var heard = b.Heard;
        await Until.True(() => b.Heard > heard + 10, "audio afterwards", seconds: 60);
        Assert.Null(a.Fault ?? b.Fault);
    }
}
