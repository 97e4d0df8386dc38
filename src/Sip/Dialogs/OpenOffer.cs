namespace VoiceGateway.Sip;

/// <summary>Whose offer awaits its answer.</summary>
internal enum OpenOffer
{
    None,
    Ours,
    Theirs,
}
