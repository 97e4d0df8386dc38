using System.CommandLine;
using VoiceGateway.Soak;

var normal = new SoakOptions();
var minutes = new Option<double>("--minutes") { DefaultValueFactory = _ => normal.Duration.TotalMinutes, Description = "How long" };
var calls = new Option<int>("--calls") { DefaultValueFactory = _ => normal.Calls, Description = "Calls at once" };
var rotation = new Option<double>("--rotation") { DefaultValueFactory = _ => normal.RotateEvery.TotalSeconds, Description = "Seconds between two goAway of a call; connections live for three quarters of it" };
var fault = new Option<double>("--fault") { DefaultValueFactory = _ => normal.FaultEvery.TotalSeconds, Description = "Seconds between two faults of a call, on average" };
var seed = new Option<int>("--seed") { DefaultValueFactory = _ => normal.Seed, Description = "The same seed gives the same faults" };
var keep = new Option<bool>("--keep") { Description = "Leave the folder with database and captured audio, and write what happened in each call beside the report" };
var report = new Option<string>("--report") { DefaultValueFactory = _ => Path.Combine("bench", "reports", "soak"), Description = "Report to write, without its ending" };
var root = new RootCommand("Calls for a long time, with rotations and faults all the while: no call lost, no word lost, every tool once, memory flat.")
{
    minutes, calls, rotation, fault, seed, keep, report,
};
root.SetAction((line, stop) => SoakRun.RunAsync(
    new SoakOptions
    {
        Duration = TimeSpan.FromMinutes(line.GetValue(minutes)),
        Calls = line.GetValue(calls),
        RotateEvery = TimeSpan.FromSeconds(line.GetValue(rotation)),
        FaultEvery = TimeSpan.FromSeconds(line.GetValue(fault)),
        Seed = line.GetValue(seed),
    },
    line.GetValue(report)!, line.GetValue(keep), stop));
return await root.Parse(args).InvokeAsync();
