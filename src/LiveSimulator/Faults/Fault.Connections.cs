using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.LiveSimulator;

/// <content>Faults of the connection itself.</content>
public abstract partial record Fault
{
    [Description("Sends goAway, and closes when timeLeft is over and the client has not left.")]
    public sealed record GoAway : Deed
    {
        public TimeSpan TimeLeft { get; init; } = TimeSpan.FromSeconds(10);

        [Range(1000, 4999)]
        public int Code { get; init; } = 1001;

        public string Reason { get; init; } = "The session has reached its maximum duration.";
    }

    [Description("Ends the TCP connection without a close frame (1006): reset sends RST, fin an abrupt FIN.")]
    public sealed record Drop : Deed
    {
        public DropStyle How { get; init; }
    }

    [Description("Half-open: from now on nothing is read, answered or sent; the TCP connection stays. The session can be resumed at once.")]
    public sealed record HalfOpen : Deed
    {
        [Description("after which the connection is reset")]
        public TimeSpan Lasts { get; init; } = TimeSpan.FromMinutes(2);

        [Description("resuming is refused (1011) while the old connection hangs")]
        public bool KeepsHandle { get; init; }
    }

    [Description("Goes on reading, and answering pings, but says nothing any more, not even to a close frame.")]
    public sealed record DeafAndDumb : Deed;

    [Description("Closes the WebSocket with any code and reason; 1005 sends a close frame without a code.")]
    public sealed record Close : Deed
    {
        [Range(1000, 4999)]
        public int Code { get; init; } = 1011;

        [Description("may be empty")]
        public string Reason { get; init; } = "";

        internal override string? Complaint => Code switch
        {
            1006 or 1015 => $"{Code} is never sent: it is what a client makes of a lost connection; use drop",
            1005 when Reason.Length > 0 => "1005 has no reason",
            _ => null,
        };
    }

    [Description("Answers pings so much later.")]
    public sealed record DelayPongs : Lasting
    {
        public DelayPongs() => Times = 0;

        public TimeSpan By { get; init; } = TimeSpan.FromSeconds(30);
    }
}
