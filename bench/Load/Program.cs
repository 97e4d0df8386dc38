using System.CommandLine;
using VoiceGateway.Load;

var calls = new Option<int[]>("--calls") { DefaultValueFactory = _ => [100, 200, 400, 600, 800, 1000], AllowMultipleArgumentsPerToken = true, Description = "Calls at once, stage by stage" };
var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 60, Description = "How long each stage is measured" };
var settle = new Option<double>("--settle") { DefaultValueFactory = _ => 16, Description = "Seconds before that: greetings are over after 15" };
var rate = new Option<double>("--rate") { DefaultValueFactory = _ => 25, Description = "Calls placed a second" };
var chunk = new Option<int[]>("--chunk") { DefaultValueFactory = _ => [20, 40], AllowMultipleArgumentsPerToken = true, Description = "Live:ChunkMs; a curve for each" };
var plain = new Option<bool>("--plain") { Description = "No TLS to the Live side" };
var processors = new Option<string>("--gateway-cpus") { DefaultValueFactory = _ => "", Description = "Where the gateway may run, as taskset has it" };
var gateway = new Option<string[]>("--gateway") { DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = false, Description = "A setting of the gateway's, such as Media:Threads=1; may be given again" };
var environment = new Option<string[]>("--env") { DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = false, Description = "A variable of the gateway's environment, such as DOTNET_gcServer=1; may be given again" };
var report = new Option<string>("--report") { DefaultValueFactory = _ => Path.Combine("bench", "reports", "load"), Description = "Report to write, without its ending" };
var perf = new Option<bool>("--perf") { Description = "After the last stage perf(1) says where the gateway's time goes" };
var noFloor = new Option<bool>("--no-floor") { Description = "Leave out what the bare system calls for the same packets cost" };
var again = new Option<bool>("--again") { Description = "Only write the report again, from the figures of its JSON" };
var root = new RootCommand("One gateway, a process of its own, under more and more full calls; callers and Live side are two threads of this one.")
{
    calls, seconds, settle, rate, chunk, plain, processors, gateway, environment, report, perf, noFloor, again,
};
root.SetAction((line, stop) => line.GetValue(again) ? LoadRun.AgainAsync(line.GetValue(report)!, stop) : LoadRun.RunAsync(
    new LoadOptions
    {
        Calls = line.GetValue(calls)!,
        Seconds = line.GetValue(seconds),
        SettleSeconds = line.GetValue(settle),
        CallsPerSecond = line.GetValue(rate),
        ChunkMs = line.GetValue(chunk)!,
        Tls = !line.GetValue(plain),
        GatewayProcessors = line.GetValue(processors)!,
        Gateway = [.. line.GetValue(gateway)!.Select(static s => "--" + s.TrimStart('-'))],
        Environment = line.GetValue(environment)!.Select(static v => v.Split('=', 2)).ToDictionary(static v => v[0], static v => v.ElementAtOrDefault(1) ?? ""),
        Report = line.GetValue(report)!,
        Perf = line.GetValue(perf),
        Floor = !line.GetValue(noFloor),
    },
    stop));

var floorCalls = new Argument<int>("calls");
var floorLive = new Argument<int>("live") { Description = "Port of the Live side" };
var floorChunk = new Argument<int>("chunk");
var floor = new Command("floor", "The bare system calls for the packets of so many calls.") { floorCalls, floorLive, floorChunk };
floor.Hidden = true;
floor.SetAction(line => FloorProcess.Run(line.GetValue(floorCalls), line.GetValue(floorLive), line.GetValue(floorChunk)));
root.Add(floor);
return await root.Parse(args).InvokeAsync();
