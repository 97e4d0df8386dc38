using System.CommandLine;
using VoiceGateway.SipLoad;

var report = new Option<string>("--report") { DefaultValueFactory = _ => Path.Combine("bench", "reports", "sip"), Description = "Report to write, without its ending" };
var calls = new Option<int>("--calls") { DefaultValueFactory = _ => 100_000, Description = "Calls over which the memory must stay flat" };
var seconds = new Option<int>("--seconds") { DefaultValueFactory = _ => 30, Description = "How long each rate is held" };
var root = new RootCommand("An endpoint and a gateway as processes of their own; this one, and sipp, place short calls: how long until the 200, how many a second, how much memory.")
    { report, calls, seconds };
root.SetAction((line, stop) => new SipLoadRun(new SipLoadOptions(line.GetValue(calls), line.GetValue(seconds), line.GetValue(report)!)).RunAsync(stop));

var status = new Argument<string>("status") { Description = "File to write what the process holds to" };
var serve = new Command("serve", "The endpoint that is called: answers at once.") { status };
serve.SetAction((line, stop) => AnsweringEndpoint.ServeAsync(line.GetValue(status)!, stop));
root.Add(serve);
return await root.Parse(args).InvokeAsync();
