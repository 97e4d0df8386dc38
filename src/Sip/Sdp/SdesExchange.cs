namespace VoiceGateway.Sip;

/// <summary>
/// Keys for SRTP by offer and answer (RFC 4568 section 7.1). An answer takes the first line of the offer that it can do, and repeats its
/// tag and suite with a key of its own. A key of ours stays the same for the whole dialog, so that a re-INVITE changes nothing by itself.
/// </summary>
internal static class SdesExchange
{
    /// <summary>The first line that can be used: a suite that is allowed, keys of its length, and nothing asked for that we do not do. Null: none.</summary>
    public static SdpCrypto? Choose(MediaDescription media, LocalAudio local) =>
        local.Srtp == SrtpPolicy.Never ? null : media.Crypto.FirstOrDefault(crypto => IsUsable(crypto) && local.SrtpSuites.Contains(SdesSuites.NameOf(crypto.Suite)));

    public static NegotiatedSrtp Answer(SdpCrypto theirs, SdpOriginState state, out SdpCrypto ours)
    {
        var suite = SdesSuites.NameOf(theirs.Suite)!;
        var key = state.KeyFor(suite);
        ours = new SdpCrypto { Tag = theirs.Tag, Suite = theirs.Suite, Keys = [key] };
        return new NegotiatedSrtp(suite, key, theirs.Keys);
    }

    public static IReadOnlyList<SdpCrypto> Offer(LocalAudio local, SdpOriginState state) =>
        [.. local.SrtpSuites.Distinct().Select((suite, i) => new SdpCrypto { Tag = (uint)i + 1, Suite = suite, Keys = [state.KeyFor(suite)] })];

    /// <summary>What an answer makes of the keys in our offer.</summary>
    /// <param name="ours">The line of the offer.</param>
    /// <param name="theirs">The line of the answer.</param>
    /// <param name="srtp">Null: the stream is in the clear.</param>
    /// <returns>False: that is no answer to it (RFC 4568 section 7.1.3).</returns>
    public static bool TryAccept(MediaDescription ours, MediaDescription theirs, out NegotiatedSrtp? srtp)
    {
        srtp = null;
        var isSecure = ours.IsSecure || theirs.IsSecure;
        // Not asked for and not said: RFC 8643 section 3.1.3 where we did ask.
        if (ours.Crypto.Count == 0 || (theirs.Crypto.Count == 0 && !theirs.HasUnreadableCrypto))
            return !isSecure;
        foreach (var crypto in theirs.Crypto)
        {
            if (ours.Crypto.FirstOrDefault(offered => IsAnswerTo(offered, crypto)) is not { } line || !IsUsable(crypto))
                continue;
            srtp = new NegotiatedSrtp(SdesSuites.NameOf(crypto.Suite)!, line.Keys[0], crypto.Keys);
            return true;
        }

        return false;
    }

    private static bool IsAnswerTo(SdpCrypto offered, SdpCrypto crypto) => offered.Tag == crypto.Tag && SdesSuites.NameOf(crypto.Suite) == SdesSuites.NameOf(offered.Suite);

    private static bool IsUsable(SdpCrypto crypto)
    {
        if (SdesSuites.NameOf(crypto.Suite) is not { } suite)
            return false;
        var length = crypto.Keys[0].Mki.Length;
        return crypto.Keys.All(key => key.KeyAndSalt.Length == SdesSuites.MasterLength(suite) && key.Mki.Length == length)
            && (length > 0 || crypto.Keys.Count == 1)
            && crypto.SessionParameters.All(IsDone);
    }

    // RFC 4568 section 6.3: what a minus stands before may be ignored. A window of ours is as long as anybody's hint; a derivation
    // rate of 0 is what there is without one.
    private static bool IsDone(string parameter) =>
        parameter.StartsWith('-') || parameter.StartsWith("WSH=", StringComparison.OrdinalIgnoreCase) || parameter.Equals("KDR=0", StringComparison.OrdinalIgnoreCase);
}
