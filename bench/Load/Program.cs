using System.CommandLine;
using VoiceGateway.Load;

var calls = new Option<int>("--calls") { DefaultValueFactory = _ => 200, Description = "Calls at once" };
var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 60, Description = "How long all calls stay up" };
var rate = new Option<double>("--rate") { DefaultValueFactory = _ => 20, Description = "Calls placed a second" };
var report = new Option<string>("--report") { DefaultValueFactory = _ => Path.Combine("bench", "reports", "load"), Description = "Report to write, without its ending" };
var root = new RootCommand("Gateway and simulator as processes of their own, tools/Caller's generator in this one: so many full calls, and what they cost.") { calls, seconds, rate, report };
root.SetAction((line, stop) => LoadRun.RunAsync(line.GetValue(calls), line.GetValue(seconds), line.GetValue(rate), line.GetValue(report)!, stop));
return await root.Parse(args).InvokeAsync();
