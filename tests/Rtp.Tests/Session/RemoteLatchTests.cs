using System.Net;

namespace VoiceGateway.Rtp.Tests.Session;

public class RemoteLatchTests
{
    private const uint Caller = 0xCA11;
    private const uint Stranger = 0xBAD;
    private static readonly TransportAddress Sdp = Address("192.0.2.1:4000");
    private static readonly TransportAddress Nat = Address("198.51.100.1:61000");
    private static readonly TransportAddress Other = Address("203.0.113.9:5000");

    private readonly RemoteLatch _latch = new(relatchTicks: 2000, graceTicks: 1000);
    private long _now = 10_000;
    private int _sequence;

    private static TransportAddress Address(string text) => TransportAddress.From(IPEndPoint.Parse(text));

    private LatchVerdict From(TransportAddress source, uint ssrc = Caller, int? sequence = null) =>
        _latch.Check(source, ssrc, (ushort)(sequence ?? _sequence++), _now);

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
        var latch = new RemoteLatch(2000, 1000, symmetric: false);
        latch.SetSignalled(Sdp, 0);
        latch.Check(Nat, Caller, 0, 0);
        Assert.Equal(Sdp, latch.Destination);
        Assert.Equal(LatchVerdict.Foreign, latch.Check(Other, Stranger, 0, 0));
    }

    [Fact]
    public void Check_StrangerDuringTheCall_IsForeignHoweverMuchHeSends()
    {
        _latch.SetSignalled(Sdp, _now);
        From(Sdp);
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
    public void Check_StrangerFirst_LosesToTheSdpAddress()
    {
        _latch.SetSignalled(Sdp, _now);
        From(Other, Stranger);
        Assert.Equal(LatchVerdict.Latched, From(Sdp));
        Assert.Equal(Sdp, _latch.Destination);
        Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger));
    }

    [Fact]
    public void Check_NatRebound_TakesOverWithTheThirdPacketOfTheSameSsrc()
    {
        From(Nat);
        Assert.Equal(LatchVerdict.Foreign, From(Other));
        Assert.Equal(LatchVerdict.Foreign, From(Other));
        Assert.Equal(LatchVerdict.Latched, From(Other));
    }

    [Fact]
    public void Check_SameSsrcWhileTheLatchedOneStillSends_StaysForeign()
    {
        From(Nat);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(LatchVerdict.Foreign, From(Other, sequence: 500 + i));
            Assert.Equal(LatchVerdict.Accepted, From(Nat));
        }
    }

    [Fact]
    public void Check_OtherSsrc_TakesOverOnlyAfterTheSilence()
    {
        From(Nat);
        _now += 1999;
        for (var i = 0; i < 5; i++)
            Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger, i));
        _now += 1;
        Assert.Equal(LatchVerdict.Latched, From(Other, Stranger, 5));
    }

    [Fact]
    public void Check_AfterTheSilence_StillWantsThreeInSequence()
    {
        From(Nat);
        _now += 60_000;
        Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger, 7));
        Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger, 900));
        Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger, 17));
        Assert.Equal(LatchVerdict.Foreign, From(Other, Stranger, 18));
        Assert.Equal(LatchVerdict.Latched, From(Other, Stranger, 19));
    }

    [Fact]
    public void Check_InfiniteRelatch_NeverGivesInToAnotherSsrc()
    {
        var latch = new RemoteLatch(long.MaxValue, 1000);
        latch.Check(Nat, Caller, 0, 0);
        for (var i = 0; i < 10; i++)
            Assert.Equal(LatchVerdict.Foreign, latch.Check(Other, Stranger, (ushort)i, long.MaxValue - 1));
    }

    [Fact]
    public void SetSignalled_SameAddressAgain_KeepsTheLatch()
    {
        _latch.SetSignalled(Sdp, _now);
        From(Nat);
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
        From(Nat);
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
}
