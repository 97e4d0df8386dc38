namespace VoiceGateway.Rtp;

/// <summary>What both directions of a session are protected with.</summary>
/// <param name="Send">Ours.</param>
/// <param name="Receive">The peer's: one, or several told apart by identifiers of one length.</param>
public sealed record SrtpParameters(SrtpMasterKey Send, IReadOnlyList<SrtpMasterKey> Receive)
{
    public override string ToString() => Send.Suite.Name;

    internal void Validate()
    {
        if (Receive.Count == 0)
            throw new ArgumentException("There must be a key to receive by.", nameof(Receive));
        var length = Receive[0].Mki.Length;
        foreach (var key in Receive)
        {
            if (key.Mki.Length != length || (length == 0 && Receive.Count > 1))
                throw new ArgumentException("Several keys are told apart by identifiers of one length (RFC 4568 6.1).", nameof(Receive));
        }
    }
}
