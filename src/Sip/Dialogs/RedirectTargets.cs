using System.Globalization;

namespace VoiceGateway.Sip;

/// <summary>The target set of a redirected INVITE (RFC 3261 section 8.1.3.4): every place is called once, whoever names it.</summary>
internal sealed class RedirectTargets(SipUri first, int most)
{
    private readonly List<SipUri> _known = [first];
    private readonly List<SipUri> _waiting = [];
    private int _followed;

    public bool HasFollowed => _followed > 0;

    /// <summary>
    /// The next place after this refusal; null: none is left, or enough have been called. What was asked for by sips never goes on by sip
    /// (section 8.1.3.4), and what else a Contact's URI wants of the request, its headers and method, is not done.
    /// </summary>
    public SipUri? Next(SipResponse? refusal)
    {
        if (_followed >= most || refusal?.StatusCode >= 600)
            return null; // 6xx is everybody's (section 21.6)
        if (refusal?.StatusCode is 300 or 301 or 302)
        {
            foreach (var contact in InOrder(refusal))
                Add(contact.Uri.WithoutHeaders().WithoutParameter("method"));
        }

        if (_waiting.Count == 0)
            return null;
        var next = _waiting[0];
        _waiting.RemoveAt(0);
        _followed++;
        return next;
    }

    /// <summary>By q, 1 where there is none (section 20.10); as listed among equals.</summary>
    public static IReadOnlyList<SipNameAddress> InOrder(SipResponse redirect) => [.. redirect.Contacts.OrderByDescending(Preference)];

    private void Add(SipUri uri)
    {
        if (!uri.IsSip || (first.IsSecure && !uri.IsSecure) || _known.Exists(uri.Equals))
            return;
        _known.Add(uri);
        _waiting.Add(uri);
    }

    private static double Preference(SipNameAddress contact) =>
        double.TryParse(contact.Parameters.Get("q"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double q) ? Math.Clamp(q, 0, 1) : 1;
}
