using System.Net;

namespace VoiceGateway.Robustness;

/// <summary>
/// A network namespace with one cable to ours, on which netem(8) plays the bad network in the direction towards us.
/// <code>caller, in the namespace ─▶ [netem] veth ═══ veth ─▶ gateway, here</code>
/// Needs the rights to make one, and a kernel with netem.
/// </summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private readonly string _name;

    private NetworkNamespace(string name, IPAddress here, IPAddress there) => (_name, Here, There) = (name, here, there);

    /// <summary>Our end's address.</summary>
    public IPAddress Here { get; }

    public IPAddress There { get; }

    private string Inside => $"{_name}i";

    /// <returns>Null, and why there is none.</returns>
    public static async Task<(NetworkNamespace? Namespace, string? Refusal)> TryCreateAsync()
    {
        if (!OperatingSystem.IsLinux()) return (null, "network namespaces are Linux's");
        // An interface's name has 15 letters at most. 198.18.0.0/15 is for benchmarks (RFC 2544), and of no other use to anybody.
        var name = $"vg{Environment.ProcessId % 100_000}";
        var third = Environment.ProcessId % 250;
        var made = new NetworkNamespace(name, IPAddress.Parse($"198.18.{third}.1"), IPAddress.Parse($"198.18.{third}.2"));
        string[][] steps =
        [
            ["ip", "netns", "add", name],
            ["ip", "link", "add", $"{name}o", "type", "veth", "peer", "name", made.Inside, "netns", name],
            ["ip", "addr", "add", $"{made.Here}/30", "dev", $"{name}o"],
            ["ip", "link", "set", $"{name}o", "up"],
            ["ip", "-n", name, "addr", "add", $"{made.There}/30", "dev", made.Inside],
            ["ip", "-n", name, "link", "set", made.Inside, "up"],
            ["ip", "-n", name, "link", "set", "lo", "up"],
            ["ip", "netns", "exec", name, "tc", "qdisc", "add", "dev", made.Inside, "root", "netem", "delay", "0ms"],
        ];
        foreach (var step in steps)
        {
            var (succeeded, output) = await Shell.TryAsync(step[0], step[1..]);
            if (succeeded) continue;
            await made.DisposeAsync();
            return (null, $"{string.Join(' ', step)}: {output}");
        }
        return (made, null);
    }

    /// <param name="netem">As tc takes it: <c>loss 5% delay 30ms 30ms</c>; null: a good network again.</param>
    public Task SetAsync(string? netem) =>
        Shell.RunAsync("ip", ["netns", "exec", _name, "tc", "qdisc", "replace", "dev", Inside, "root", "netem", .. (netem ?? "delay 0ms").Split(' ')]);

    /// <summary>A program's command line, so that it runs in there.</summary>
    public IReadOnlyList<string> CommandLine(params IEnumerable<string> command) => ["ip", "netns", "exec", _name, .. command];

    // The cable goes with the namespace that holds one end of it.
    public async ValueTask DisposeAsync()
    {
        await Shell.TryAsync("ip", "link", "del", $"{_name}o");
        await Shell.TryAsync("ip", "netns", "del", _name);
    }
}
