namespace VoiceGateway.Calls;

/// <summary>How a caller whose call is not answered yet gets to a human.</summary>
public enum OverflowBy
{
    /// <summary>302 with the human as Contact: the trunk calls them in our place.</summary>
    Redirect,

    /// <summary>Answered, then REFER: for trunks that take a 302 for a failure.</summary>
    Refer,
}
