using System.CommandLine;
using VoiceGateway.Robustness;

var atOnce = new Option<int>("--at-once") { DefaultValueFactory = _ => 6, Description = "Calls at the same time" };
var only = new Option<string>("--only") { DefaultValueFactory = _ => "", Description = "Only the networks whose name has this in it, such as \"loss 5\"" };
var report = new Option<string>("--report") { DefaultValueFactory = _ => Path.Combine("bench", "reports", "robustness.md"), Description = "Report to write" };
var root = new RootCommand("Calls over bad networks: loss, jitter, reordering, duplication, drift, new streams and strangers. What the model receives is measured against what was said.")
{
    atOnce, only, report,
};
root.SetAction((line, stop) => RobustnessRun.RunAsync([.. ImpairedCases.All.Where(c => c.Name.Contains(line.GetValue(only)!, StringComparison.Ordinal))], line.GetValue(atOnce), line.GetValue(report)!, stop));
return await root.Parse(args).InvokeAsync();
