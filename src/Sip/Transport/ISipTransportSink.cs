namespace VoiceGateway.Sip;

/// <summary>Where transports deliver. Called on the receiving thread: responses may be sent from within the call.</summary>
internal interface ISipTransportSink
{
    SipCounters Counters { get; }

    SipLimits Limits { get; }

    /// <summary>One whole message or datagram; the bytes are the transport's again after the call, and so is the flow: see <see cref="SipFlow.Kept"/>.</summary>
    void OnMessage(ReadOnlySpan<byte> message, SipFlow flow);

    /// <summary>Whether this is a peer of ours, who gets what strangers must not use up.</summary>
    bool Knows(in SipSource source) => true;

    /// <summary>Whether bytes that could not be read may be answered: strangers hear nothing.</summary>
    bool MayAnswer(SipFlow flow) => true;

    /// <summary>Our own code threw: counted and reported, never fatal.</summary>
    void OnFault(Exception exception);
}
