using System.CommandLine;
using VoiceGateway.Abstractions;
using VoiceGateway.Demo;
using VoiceGateway.Hosting;

var config = new Option<string?>("--config") { Description = "Folder with gateway.json, routes.json and agents/ (default: ./config)", Recursive = true };
var root = new RootCommand("Answers a telephone number with a Gemini Live voice agent. Settings: --Section:Key=VALUE, VOICEGATEWAY_Section__Key, or config/gateway.json.")
{
    TreatUnmatchedTokensAsErrors = false,
};
root.Options.Add(config);
root.SetAction((line, stop) => Serve.RunAsync(GatewayConfiguration.Load(line.UnmatchedTokens, line.GetValue(config)), stop));

var check = new Command("check", "Validates the configuration and probes what it names; exit 0 when a call could be taken.") { TreatUnmatchedTokensAsErrors = false };
check.SetAction((line, stop) => Check.RunAsync(GatewayConfiguration.Load(line.UnmatchedTokens, line.GetValue(config)), stop));
root.Subcommands.Add(check);

var demo = new Command("demo", "Places a whole call on loopback, shows it live, and leaves artifacts/demo/. Needs no key and no configuration.") { TreatUnmatchedTokensAsErrors = false };
demo.SetAction((line, stop) => DemoCall.RunAsync(line.UnmatchedTokens, stop));
root.Subcommands.Add(demo);

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (ConfigurationException e)
{
    await Console.Error.WriteLineAsync($"voicegateway: {e.Message}");
    return 2;
}
catch (Exception e) when (e is not OperationCanceledException)
{
    await Console.Error.WriteLineAsync($"voicegateway: {e}");
    return 1;
}
