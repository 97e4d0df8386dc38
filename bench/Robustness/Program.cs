using System.CommandLine;
using VoiceGateway.Robustness;

var atOnce = new Option<int>("--at-once") { DefaultValueFactory = _ => 6, Description = "Calls at the same time" };
var only = new Option<string>("--only") { DefaultValueFactory = _ => "", Description = "Only the networks whose name has this in it, such as \"loss 5\"" };
var lines = new Option<int>("--lines") { DefaultValueFactory = _ => 3, Description = "How often the sentences are said over each network, each time with other losses; 0: no words" };
var report = new Option<string>("--report") { DefaultValueFactory = _ => Path.Combine("bench", "reports", "robustness.md"), Description = "Report to write" };
var root = new RootCommand("Calls over bad networks: loss, jitter, reordering, duplication, drift, new streams and strangers. What the model receives is measured against what was said.")
{
    atOnce, only, lines, report,
};
root.SetAction((line, stop) => RobustnessRun.RunAsync(c => c.Name.Contains(line.GetValue(only)!, StringComparison.Ordinal), line.GetValue(lines), line.GetValue(atOnce), line.GetValue(report)!, stop));
return await root.Parse(args).InvokeAsync();
