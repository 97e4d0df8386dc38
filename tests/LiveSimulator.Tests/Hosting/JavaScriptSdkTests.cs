using System.Diagnostics;
using VoiceGateway.Codecs;

namespace VoiceGateway.LiveSimulator.Tests.Hosting;

/// <summary>Google's own JavaScript SDK is the judge of whether this is the Live API.</summary>
public sealed class JavaScriptSdkTests
{
    private const string Required = "VOICEGATEWAY_REQUIRE_PEERS";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "js");

    [SkippableFact]
    public async Task GoogleGenAI_WholeSession_IsServed()
    {
        var (available, why) = await InstallAsync();
        if (!available && Environment.GetEnvironmentVariable(Required) == "1")
            Assert.Fail($"{why} ({Required}=1)");
        Skip.IfNot(available, why);

        await using var server = await LiveSimulatorServer.StartAsync();
        var wav = Path.Combine(Folder, "caller.wav");
        WriteWav(wav, TestClient.CallerSpeech(0));

        var (exitCode, output) = await RunAsync("node", ["sdk-session.mjs", $"http://{server.Endpoint.Authority}", wav], TimeSpan.FromMinutes(2));

        Assert.True(exitCode == 0, output);
        Assert.EndsWith("PASS", output.TrimEnd(), StringComparison.Ordinal);
    }

    private static async Task<(bool Available, string Why)> InstallAsync()
    {
        try
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules", "@google", "genai")))
            {
                var (code, output) = await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], TimeSpan.FromMinutes(3));
                if (code != 0)
                    return (false, $"npm cannot install @google/genai: {output}");
            }

            return (await RunAsync("node", ["--version"], TimeSpan.FromMinutes(1)) is { ExitCode: 0 }, "node does not run");
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return (false, $"node or npm cannot be had: {fault.Message}");
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] args, TimeSpan limit)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(limit);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await errors + await output);
    }

    private static void WriteWav(string path, short[] samples)
    {
        using var file = File.Create(path);
        using var wav = new WavWriter(file, 16000, 1);
        wav.Write(samples);
    }
}
