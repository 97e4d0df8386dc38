namespace VoiceGateway.Plugins;

/// <summary>Telephone numbers as callers say them and as trunks send them.</summary>
internal static class PhoneNumber
{
    private const int SignificantDigits = 8;
    private const int FewestDigitsOfANumber = 6;

    /// <summary>
    /// What to compare: the last eight digits, the same for +49 170 1234567, 0049 170 1234567 and 0170 1234567.
    /// Extensions and SIP user names are compared whole.
    /// </summary>
    public static string Key(string number)
    {
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        if (digits.Length < FewestDigitsOfANumber)
            return number.Trim().ToLowerInvariant();
        return digits.Length > SignificantDigits ? digits[^SignificantDigits..] : digits;
    }

    /// <summary>The caller did not show a number (RFC 3323 section 4.1.1.3 names it "anonymous").</summary>
    public static bool IsWithheld(string number) =>
        number.Trim() is "" || number.Trim().ToLowerInvariant() is "anonymous" or "unknown" or "unavailable" or "restricted";
}
