using System.Globalization;
using System.Security.Cryptography;

namespace VoiceGateway.Plugins.Bookings;

/// <summary>
/// Six digits: on a telephone line, letters are misheard (B, D, P, T) and digits hardly ever.
/// </summary>
internal static class BookingId
{
    private const int Digits = 6;

    public static string Create() => RandomNumberGenerator.GetInt32(100_000, 1_000_000).ToString(CultureInfo.InvariantCulture);

    /// <summary>"48 29-15" is 482915; null when there are not six digits in it.</summary>
    public static string? Read(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length == Digits ? digits : null;
    }

    /// <summary>"4 8 2, 9 1 5": read out digit by digit, not as a number.</summary>
    public static string Spell(string id) => $"{string.Join(' ', id[..3].AsEnumerable())}, {string.Join(' ', id[3..].AsEnumerable())}";
}
