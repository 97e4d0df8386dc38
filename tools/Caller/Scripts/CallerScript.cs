using System.Diagnostics.CodeAnalysis;

namespace VoiceGateway.Caller;

/// <summary>What a caller does in a call, step by step.</summary>
public sealed record CallerScript(IReadOnlyList<CallerStep> Steps)
{
    /// <summary>Done once, before the steps; it matters to a script that repeats.</summary>
    public IReadOnlyList<CallerStep> Prelude { get; init; } = [];

    /// <summary>Begin again after the last step, until the call is cancelled or the other side hangs up.</summary>
    public bool Repeat { get; init; }

    public CallerScript(params CallerStep[] steps) : this((IReadOnlyList<CallerStep>)steps)
    {
    }

    /// <summary>Reads a script file (its format is in README.md); WAV files are found relative to it.</summary>
    public static bool TryLoad(string path, [NotNullWhen(true)] out CallerScript? script, [NotNullWhen(false)] out string? error)
    {
        script = null;
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            if (TryParse(File.ReadAllBytes(path), folder, out script, out error)) return true;
            error = $"{path}: {error}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = $"{path}: {e.Message}";
        }
        return false;
    }

    public static bool TryParse(ReadOnlySpan<byte> json, string wavFolder, [NotNullWhen(true)] out CallerScript? script, [NotNullWhen(false)] out string? error)
    {
        script = null;
        error = null;
        try
        {
            script = ScriptReader.Read(json, wavFolder);
            return true;
        }
        catch (ScriptFormatException e)
        {
            error = e.Message;
            return false;
        }
    }
}
