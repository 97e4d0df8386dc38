using System.Diagnostics;

namespace VoiceGateway.Robustness;

/// <summary>Runs a program to its end.</summary>
internal static class Shell
{
    /// <returns>Whether it ended with 0, and all that it said.</returns>
    public static async Task<(bool Succeeded, string Output)> TryAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            return (process.ExitCode == 0, (await output + await error).Trim());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            // Not installed.
            return (false, $"{program}: {e.Message}");
        }
    }

    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        var line = arguments.ToArray();
        var (succeeded, output) = await TryAsync(program, line);
        if (!succeeded) throw new InvalidOperationException($"{program} {string.Join(' ', line)}: {output}");
    }
}
