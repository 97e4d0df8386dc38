using System.Globalization;

namespace VoiceGateway.LiveSimulator;

/// <summary>The simulator's own command line.</summary>
internal sealed record CommandLine(LiveSimulatorOptions Options)
{
    public const string Usage = """
        Usage: live-simulator [options]
          --port N           port to listen on (default 9090; 0: any)
          --host ADDRESS     IP address, localhost or * (default 127.0.0.1)
          --scenario WHAT    a scenario file, or the name of a built-in one (default book-a-table)
          --key KEY          the only API key that is accepted (default: any)
          --verbose          a line for each session
          --list             the built-in scenarios
          --help             this text
        """;

    public const int DefaultPort = 9090;

    public bool Help { get; init; }

    public bool List { get; init; }

    public bool Verbose { get; init; }

    /// <returns>Null when the arguments are wrong; <paramref name="fault"/> says how, in one line.</returns>
    public static CommandLine? Parse(IReadOnlyList<string> args, out string fault)
    {
        fault = "";
        var parsed = new CommandLine(new LiveSimulatorOptions { Port = DefaultPort });
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            switch (name)
            {
                case "--help" or "-h":
                    parsed = parsed with { Help = true };
                    continue;
                case "--list":
                    parsed = parsed with { List = true };
                    continue;
                case "--verbose" or "-v":
                    parsed = parsed with { Verbose = true };
                    continue;
                case "--port" or "--host" or "--scenario" or "--key":
                    break;
                default:
                    fault = $"unknown option '{args[i]}'; --help lists the options";
                    return null;
            }

            value ??= i + 1 < args.Count ? args[++i] : null;
            if (string.IsNullOrEmpty(value))
            {
                fault = $"{name} needs a value";
                return null;
            }

            if (parsed.With(name, value) is not { } next)
            {
                fault = $"{name} must be a number from 0 to 65535, not '{value}'";
                return null;
            }

            parsed = next;
        }

        return parsed;
    }

    private CommandLine? With(string name, string value) => name switch
    {
        "--port" => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? this with { Options = Options with { Port = port } } : null,
        "--host" => this with { Options = Options with { Host = value } },
        "--scenario" => this with { Options = Options with { ScenarioPath = value } },
        _ => this with { Options = Options with { ApiKey = value } },
    };

    private static (string Name, string? Value) Split(string arg)
    {
        var equals = arg.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (arg, null) : (arg[..equals], arg[(equals + 1)..]);
    }
}
