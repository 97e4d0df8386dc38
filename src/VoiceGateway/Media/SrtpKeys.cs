using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.Media;

/// <summary>Keys as SDP agreed on them, for the session that uses them.</summary>
internal static class SrtpKeys
{
    /// <summary>Null: the stream is in the clear.</summary>
    public static SrtpParameters? Of(NegotiatedSrtp? agreed)
    {
        if (agreed is null) return null;
        var suite = SrtpSuite.Find(agreed.Suite) ?? throw new InvalidOperationException($"{agreed.Suite} was agreed on and is not known");
        return new SrtpParameters(Key(suite, agreed.SendKey), [.. agreed.ReceiveKeys.Select(key => Key(suite, key))]);
    }

    private static SrtpMasterKey Key(SrtpSuite suite, SdpCryptoKey key) => new(suite, key.KeyAndSalt, key.Mki);
}
