using System.CommandLine;
using VoiceGateway.Caller;

var root = new RootCommand("A softphone and load generator: places real calls and measures what it hears")
{
    CallCommand.Create(),
    LoadCommand.Create(),
};
return await CommandLine.RunAsync(root, args, Console.Out, Console.Error);
