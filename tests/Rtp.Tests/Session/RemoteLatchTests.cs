using System.Net;

namespace VoiceGateway.Rtp.Tests.Session;

public class RemoteLatchTests
{
    private const uint Caller = 0xCA11;
    private const uint Stranger = 0xBAD;
    private static readonly LatchTimes Times = new(Relatch: 2000, Grace: 1000, Trial: 5000, Silence: 200);
    private static readonly TransportAddress Sdp = Address("192.0.2.1:4000");
    private static readonly TransportAddress SdpHost = Address("192.0.2.1:61000");
    private static readonly TransportAddress Nat = Address("198.51.100.1:61000");
    private static readonly TransportAddress Rebound = Address("198.51.100.1:61999");
    private static readonly TransportAddress Other = Address("203.0.113.9:5000");

    private readonly RemoteLatch _latch = new(Times);
    private long _now = 10_000;
    private int _sequence;

    private static TransportAddress Address(string text) => TransportAddress.From(IPEndPoint.Parse(text));

    private LatchVerdict From(TransportAddress source, uint ssrc = Caller, int? sequence = null) =>
        _latch.Check(source, ssrc, (ushort)(sequence ?? _sequence++), _now);

    // Three packets in sequence, and the time of the trial is over.
    private void Establish(TransportAddress source)
    {
        for (var i = 0; i < 3; i++) From(source);
        _now += 5000;
        From(source);
    }

    private int PacketsUntilLatched(TransportAddress source, uint ssrc, int most, int from = 0)
    {
        for (var i = 1; i <= most; i++)
        {
            if (From(source, ssrc, from + i) == LatchVerdict.Latched) return i;
            _now += 20;
        }
        return 0;
    }

    [Fact]
    public void Destination_BeforeAnyPacket_IsTheSdps()
    {
        Assert.Null(_latch.Destination);
        _latch.SetSignalled(Sdp, _now);
        Assert.Equal(Sdp, _latch.Destination);
    }

    [Fact]
    public void Check_FirstPacketFromElsewhere_LatchesIt()
    {
        _latch.SetSignalled(Sdp, _now);
        Assert.Equal(LatchVerdict.Latched, From(Nat));
        Assert.Equal(Nat, _latch.Destination);
        Assert.Equal(LatchVerdict.Accepted, From(Nat));
    }

    [Fact]
    public void Destination_AsymmetricPeer_StaysTheSdps()
    {
        var latch = new RemoteLatch(Times, symmetric: false);
        latch.SetSignalled(Sdp, 0);
        latch.Check(Nat, Caller, 0, 0);
        Assert.Equal(Sdp, latch.Destination);
        Assert.Equal(LatchVerdict.Foreign, latch.Check(Other, Stranger, 0, 0));
    }

    [Fact]
    public void Check_StrangerDuringTheCall_IsForeignHoweverMuchHeSends()
    {
        _latch.SetSignalled(Sdp, _now);
        for (var i = 0; i < 3; i++) From(Sdp);
        for (var i = 0; i < 1000; i++)
        {
            _now += 20;
            Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger, i * 2));
            Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger, (i * 2) + 1));
            Assert.Equal(LatchVerdict.Accepted, From(Sdp));
        }
        Assert.Equal(Sdp, _latch.Destination);
    }

    [Fact]
    public void Check_StrangerSpraysASilentCaller_NeverTakesOver()
    {
        _latch.SetSignalled(Sdp, _now);
        Establish(Nat);

        // Ten minutes of suppressed silence.
        Assert.Equal(0, PacketsUntilLatched(Other, Stranger, 30_000));
        Assert.Equal(LatchVerdict.Accepted, From(Nat));
    }

    [Fact]
    public void Check_StrangerFirst_LosesToTheSdpAddressForAWhile()
    {
        _latch.SetSignalled(Sdp, _now);
        for (var i = 0; i < 10; i++) From(Other, Stranger, i);
        Assert.Equal(LatchVerdict.Latched, From(Sdp));
        Assert.Equal(Sdp, _latch.Destination);
        Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger, 10));
    }

    [Fact]
    public void Check_StrangerFirst_LosesToAnotherPortOfTheSdpsHost()
    {
        _latch.SetSignalled(Sdp, _now);
        for (var i = 0; i < 10; i++) From(Other, Stranger, i);
        Assert.Equal(LatchVerdict.Latched, From(SdpHost));
        Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger, 10));

        // And that to the address itself.
        Assert.Equal(LatchVerdict.Latched, From(Sdp));
        Assert.Equal(LatchVerdict.Foreign, From(SdpHost));
    }

    [Fact]
    public void Check_StrayPacketFirst_LosesToWhoSendsThreeInSequence()
    {
        _latch.SetSignalled(Sdp, _now);
        From(Other, Stranger, 77);
        Assert.Equal(3, PacketsUntilLatched(Nat, Caller, 10));
        Assert.Equal(Nat, _latch.Destination);
    }

    [Fact]
    public void Check_SdpAddressAfterTheTrial_DoesNotCutOffWhoSends()
    {
        _latch.SetSignalled(Sdp, _now);
        Establish(Nat);
        for (var i = 0; i < 100; i++)
        {
            // Forged, in a burst between two packets of the caller's.
            for (var j = 0; j < 5; j++) Assert.Equal(LatchVerdict.Foreign, From(Sdp, Stranger, (i * 5) + j));
            _now += 20;
            Assert.Equal(LatchVerdict.Accepted, From(Nat));
        }
    }

    [Fact]
    public void Check_SdpAddressAfterTheTrial_TakesOverFromWhoHasFallenSilent()
    {
        _latch.SetSignalled(Sdp, _now);
        Establish(Nat);
        _now += 200;
        Assert.Equal(3, PacketsUntilLatched(Sdp, Stranger, 10));
    }

    [Fact]
    public void Check_NatRebound_TakesOverWithTheSameStreamOnceTheOldPortIsSilent()
    {
        Establish(Nat);
        _now += 20;
        Assert.Equal(10, PacketsUntilLatched(Other, Caller, 50, _sequence - 1));
        Assert.Equal(Other, _latch.Destination);
    }

    [Fact]
    public void Check_NatReboundUnderASpray_TakesOverAllTheSame()
    {
        Establish(Nat);
        var at = _sequence;
        for (var i = 0; i < 20; i++)
        {
            _now += 20;
            From(Address("203.0.113.9:6000"), Stranger, i);
            From(Rebound, Caller, at + i);
            From(Other, Stranger, i);
        }
        Assert.Equal(Rebound, _latch.Destination);
    }

    [Fact]
    public void Check_SameSsrcOfAnotherSequence_IsNoContinuation()
    {
        Establish(Nat);
        _now += 200;
        Assert.Equal(0, PacketsUntilLatched(Other, Caller, 100, 30_000));
        Assert.Equal(0, PacketsUntilLatched(Other, Caller, 100, 0xFF00));
    }

    [Fact]
    public void Check_SameSsrcWhileTheLatchedOneStillSends_StaysForeign()
    {
        Establish(Nat);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(LatchVerdict.Foreign, From(Other, sequence: 500 + i));
            Assert.Equal(LatchVerdict.Accepted, From(Nat));
        }
    }

    [Fact]
    public void Check_OtherPortAndOtherSsrc_TakesOverOnlyAfterTheLongSilence()
    {
        Establish(Nat);
        _now += 1899;
        for (var i = 0; i < 5; i++)
            Assert.Equal(LatchVerdict.Foreign, From(Rebound, Stranger, i));
        _now += 101;
        Assert.Equal(LatchVerdict.Latched, From(Rebound, Stranger, 5));
    }

    [Fact]
    public void Check_AfterTheLongSilence_StillWantsThreeInSequence()
    {
        Establish(Nat);
        _now += 60_000;
        Assert.Equal(LatchVerdict.Foreign, From(Rebound, Stranger, 7));
        Assert.Equal(LatchVerdict.Foreign, From(Rebound, Stranger, 900));
        Assert.Equal(LatchVerdict.Foreign, From(Rebound, Stranger, 17));
        Assert.Equal(LatchVerdict.Foreign, From(Rebound, Stranger, 18));
        Assert.Equal(LatchVerdict.Latched, From(Rebound, Stranger, 19));
    }

    [Fact]
    public void Check_InfiniteRelatch_NeverGivesInToAnotherSsrc()
    {
        var latch = new RemoteLatch(Times with { Relatch = long.MaxValue });
        for (var i = 0; i < 3; i++) latch.Check(Nat, Caller, (ushort)i, 0);
        for (var i = 0; i < 10; i++)
            Assert.Equal(LatchVerdict.Foreign, latch.Check(Rebound, Stranger, (ushort)i, long.MaxValue - 1));
    }

    [Fact]
    public void SetSignalled_SameAddressAgain_KeepsTheLatch()
    {
        _latch.SetSignalled(Sdp, _now);
        Establish(Nat);
        _latch.SetSignalled(Sdp, _now);
        Assert.Equal(Nat, _latch.Destination);
        Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger));
    }

    [Fact]
    public void SetSignalled_HoldByAddressAndBack_StopsSendingAndKeepsTheLatch()
    {
        _latch.SetSignalled(Sdp, _now);
        From(Nat);
        _latch.SetSignalled(Address("0.0.0.0:4000"), _now);
        Assert.Null(_latch.Destination);
        Assert.Equal(LatchVerdict.Accepted, From(Nat));
        Assert.Null(_latch.Destination);

        _latch.SetSignalled(Sdp, _now);
        Assert.Equal(Nat, _latch.Destination);
    }

    [Fact]
    public void SetSignalled_NewAddress_SendsThereAtOnceAndLatchesWhoComes()
    {
        _latch.SetSignalled(Sdp, _now);
        Establish(Nat);
        _latch.SetSignalled(Other, _now);
        Assert.Equal(Other, _latch.Destination);
        Assert.Equal(LatchVerdict.Latched, From(Address("203.0.113.9:7777"), Stranger));
    }

    [Fact]
    public void SetSignalled_NewAddress_StragglersOfTheOldSourceAreHeardWithoutLatching()
    {
        _latch.SetSignalled(Sdp, _now);
        From(Nat);
        _latch.SetSignalled(Other, _now);
        _now += 999;
        Assert.Equal(LatchVerdict.Accepted, From(Nat));
        Assert.Equal(Other, _latch.Destination);

        // The peer changed its SDP and not its socket.
        _now += 1;
        Assert.Equal(LatchVerdict.Latched, From(Nat));
        Assert.Equal(Nat, _latch.Destination);
    }

    [Fact]
    public void SetSignalled_TheLatchedAddress_ChangesNothing()
    {
        _latch.SetSignalled(Sdp, _now);
        From(Nat);
        _latch.SetSignalled(Nat, _now);
        Assert.Equal(LatchVerdict.Accepted, From(Nat));
    }

    [Fact]
    public void Forget_NewPlaceUnknown_SendsAsBeforeUntilSomebodyComes()
    {
        _latch.SetSignalled(Sdp, _now);
        Establish(Nat);
        _latch.Forget(_now);
        Assert.Equal(Nat, _latch.Destination);
        Assert.Equal(LatchVerdict.Accepted, From(Nat));
        Assert.Equal(LatchVerdict.Latched, From(Other, Stranger));
        Assert.Equal(Other, _latch.Destination);
    }

    [Fact]
    public void Learn_AfterSomebodyCame_KeepsThemAndLetsTheAddressWin()
    {
        _latch.Forget(_now);
        From(Nat);
        _latch.Learn(Sdp);
        Assert.Equal(Nat, _latch.Destination);
        Assert.Equal(LatchVerdict.Accepted, From(Nat));
        Assert.Equal(LatchVerdict.Latched, From(Sdp));
    }

    [Fact]
    public void Learn_NobodyYet_SendsThere()
    {
        _latch.Forget(_now);
        _latch.Learn(Sdp);
        Assert.Equal(Sdp, _latch.Destination);
    }
}
