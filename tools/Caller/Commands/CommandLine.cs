using System.CommandLine;

namespace VoiceGateway.Caller;

/// <summary>Runs a command line: one line for what is wrong with it, and exit codes that tell bad usage from failure.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(RootCommand root, string[] args, TextWriter output, TextWriter error)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            error.WriteLine($"caller: {parsed.Errors[0].Message.TrimEnd('.')}; --help tells more");
            return ExitCode.BadUsage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or VoiceGateway.Sip.SipBindException)
        {
            error.WriteLine($"caller: {e.Message}");
            return ExitCode.Failed;
        }
    }
}
