using VoiceGateway.Rtp;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>Keys as SDP agreed on them, for the session that uses them.</summary>
internal static class CallerKeys
{
    /// <summary>Null: the audio is in the clear.</summary>
    public static SrtpParameters? Of(NegotiatedSrtp? agreed)
    {
        if (agreed is null || SrtpSuite.Find(agreed.Suite) is not { } suite) return null;
        return new SrtpParameters(Key(agreed.SendKey), [.. agreed.ReceiveKeys.Select(Key)]);

        SrtpMasterKey Key(SdpCryptoKey key) => new(suite, key.KeyAndSalt, key.Mki);
    }
}
