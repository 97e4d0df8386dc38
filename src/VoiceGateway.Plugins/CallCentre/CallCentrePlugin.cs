using Microsoft.Extensions.AI;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Plugins.CallCentre;

/// <summary>Tools that act on the call itself.</summary>
public sealed class CallCentrePlugin : IToolPlugin
{
    public string Name => "callcentre";

    public IEnumerable<AIFunction> CreateTools(ToolPluginContext context)
    {
        AIFunction[] tools = [Tool.Create(CallTools.HangUp), Tool.Create(CallTools.TransferCallAsync)];
        return context.Settings.Bind<CallCentreSettings>().PressKeys ? [.. tools, Tool.Create(CallTools.PressKeysAsync)] : tools;
    }
}
