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
          --faults WHAT      faults for all connections: a file with what a scenario's "faults" holds, or the JSON itself,
                             or one fault, short: drop, close:1011, refuse:503, delayPongs:30s (may be repeated)
          --capture FOLDER   where the callers' audio goes, a file for each conversation
          --control-from-anywhere   the control API answers other machines too
          --verbose          a line for each session and fault
          --list             the built-in scenarios
          --list-faults      the faults
          --help             this text
        """;

    public const int DefaultPort = 9090;

    public bool Help { get; init; }

    public bool List { get; init; }

    public bool ListFaults { get; init; }

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
                case "--list-faults":
                    parsed = parsed with { ListFaults = true };
                    continue;
                case "--control-from-anywhere":
                    parsed = parsed with { Options = parsed.Options with { ControlFromAnywhere = true } };
                    continue;
                case "--verbose" or "-v":
                    parsed = parsed with { Verbose = true };
                    continue;
                case "--port" or "--host" or "--scenario" or "--key" or "--faults" or "--capture":
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

            try
            {
                parsed = parsed.With(name, value);
            }
            catch (ScenarioException mistake)
            {
                fault = $"{name}: {mistake.Message}";
                return null;
            }
        }

        return parsed;
    }

    private CommandLine With(string name, string value) => name switch
    {
        "--port" => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? this with { Options = Options with { Port = port } }
            : throw new ScenarioException($"must be a number from 0 to 65535, not '{value}'"),
        "--faults" => this with { Options = Options with { Faults = [.. Options.Faults, .. ArmedFault.Load(value)] } },
        "--capture" => Directory.Exists(value)
            ? this with { Options = Options with { CaptureFolder = value } }
            : throw new ScenarioException($"there is no folder '{value}'"),
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
