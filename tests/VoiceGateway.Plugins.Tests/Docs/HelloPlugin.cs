using System.ComponentModel;
using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;

namespace Acme.Greetings;

public sealed class GreetingsPlugin : IToolPlugin
{
    public string Name => "greetings";

    public IEnumerable<AIFunction> CreateTools(ToolPluginContext context) => [Tool.Create(SayHello)];

    [Description("Greets the caller by name.")]
    private static string SayHello(CallContext call, [Description("First name of the caller")] string firstName) =>
        $"Hello {firstName}, you are calling from {call.CallerNumber}.";
}
