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
            return Complain(error, $"{parsed.Errors[0].Message.TrimEnd('.')}; --help tells more", ExitCode.BadUsage);
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or VoiceGateway.Sip.SipBindException)
        {
            return Complain(error, e.Message, ExitCode.Failed);
        }
    }

    /// <summary>One line, and the exit code that goes with it.</summary>
    public static int Complain(TextWriter error, string what, int code)
    {
        error.WriteLine($"caller: {what}");
        return code;
    }
}
