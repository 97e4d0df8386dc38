using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>What a registrar's 2xx says of our Contact (RFC 3261 section 10.2.4).</summary>
internal static class RegistrationBinding
{
    /// <summary>A timer's limit, not ours.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    /// <summary>
    /// How long the binding lives: the expires of our Contact among those listed, else the response's Expires, else what was asked for.
    /// A proxy that rewrites Contact for NAT, or a registrar that lists none, must not make us believe that we are not bound.
    /// </summary>
    public static TimeSpan Granted(SipResponse response, SipUri contact, TimeSpan asked)
    {
        var ours = Find(response.Contacts, contact);
        var seconds = Seconds(ours?.Parameters.Get("expires")) ?? Seconds(response.Headers.Get(SipHeaderNames.Expires));
        var granted = seconds is { } given ? TimeSpan.FromSeconds(given) : asked;
        return granted < Longest ? granted : Longest;
    }

    /// <summary>The next refresh: 80 to 90 % of the way to the end, so that those of a whole fleet do not stay in step.</summary>
    public static TimeSpan RefreshAfter(TimeSpan granted) => granted * (0.8 + (0.1 * Random.Shared.NextDouble()));

    public static string Seconds(TimeSpan duration) => ((long)duration.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public static TimeSpan? MinimumOf(SipResponse response) =>
        Seconds(response.Headers.Get(SipHeaderNames.MinExpires)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static SipNameAddress? Find(IReadOnlyList<SipNameAddress> contacts, SipUri contact) =>
        contacts.FirstOrDefault(listed => listed.Uri.Equals(contact))
        ?? (contacts is [var only] ? only : contacts.FirstOrDefault(listed => listed.Uri.User == contact.User));

    private static uint? Seconds(string? text) =>
        SipGrammar.TryParseNumber(SipGrammar.Trim(text), int.MaxValue, out var seconds) ? seconds : null;
}
