using System.CommandLine;
using System.CommandLine.Parsing;
using VoiceGateway.Sip;

namespace VoiceGateway.Caller;

/// <summary>Options that parse what people write, and say in one line what is wrong with it.</summary>
internal static class CliOptions
{
    public static Argument<SipUri> Target() => new("target")
    {
        Description = "Who is called: sip:100@127.0.0.1:5060",
        CustomParser = Uri,
    };

    public static Option<SipUri?> From() => new("--from")
    {
        Description = "Who calls: sip:alice@example.com",
        CustomParser = Uri,
    };

    public static Option<bool> Tcp() => new("--tcp") { Description = "SIP over TCP instead of UDP" };

    public static Option<CallerCodec> Codec() => new("--codec", "--law")
    {
        Description = "Offer only g722 (wideband), alaw or mulaw; both laws of G.711 when left out",
        HelpName = "g722|alaw|mulaw",
        CustomParser = result => result.Tokens[0].Value.ToLowerInvariant() switch
        {
            "g722" => CallerCodec.G722,
            "alaw" or "pcma" => CallerCodec.Pcma,
            "mulaw" or "ulaw" or "pcmu" => CallerCodec.Pcmu,
            _ => Fail<CallerCodec>(result, "is none of g722, alaw, mulaw"),
        },
    };

    public static Option<SrtpPolicy> Srtp() => new("--srtp")
    {
        Description = "Encrypt the audio (SRTP): required, or no call; optional, if the far end does; never (default)",
        HelpName = "never|optional|required",
        CustomParser = result => result.Tokens[0].Value.ToLowerInvariant() switch
        {
            "never" => SrtpPolicy.Never,
            "optional" => SrtpPolicy.Optional,
            "required" => SrtpPolicy.Required,
            _ => Fail<SrtpPolicy>(result, "is none of never, optional, required"),
        },
    };

    public static Option<int?> Positive(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => int.TryParse(result.Tokens[0].Value, out var number) && number > 0 ? number : Fail<int?>(result, "is not a whole number above 0"),
    };

    public static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "file" };

    private static SipUri Uri(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        return SipUri.TryParse(text, out var uri) && uri is { IsSip: true } ? uri : Fail<SipUri>(result, "is not a SIP URI such as sip:100@127.0.0.1:5060");
    }

    public static TimeSpan? ParseDuration(ArgumentResult result) =>
        DurationText.TryParse(result.Tokens[0].Value, out var duration) ? duration : Fail<TimeSpan?>(result, $"is not {DurationText.Expected}");

    private static T Fail<T>(ArgumentResult result, string what)
    {
        var option = result.Parent is OptionResult { Option.Name: var name } ? name + ": " : "";
        result.AddError($"{option}\"{result.Tokens[0].Value}\" {what}");
        return default!;
    }
}
