using System.Diagnostics;

namespace VoiceGateway.Telemetry;

/// <summary>The names under which the gateway is observed. Dashboards and alerts hang on them: they are part of the contract.</summary>
public static class GatewayDiagnostics
{
    public const string Name = "VoiceGateway";

    public static readonly ActivitySource Activities = new(Name);

    public const string CallsStarted = "voicegateway.calls.started";
    public const string CallsActive = "voicegateway.calls.active";
    public const string CallsEnded = "voicegateway.calls.ended";
    public const string CallDuration = "voicegateway.call.duration";
    public const string SetupDuration = "voicegateway.call.setup.duration";
    public const string LiveConnectDuration = "voicegateway.live.connect.duration";
    public const string TurnLatency = "voicegateway.turn.latency";
    public const string BargeIns = "voicegateway.barge_ins";
    public const string BargeInFlush = "voicegateway.barge_in.flush.duration";
    public const string Underruns = "voicegateway.playout.underruns";
    public const string LostAudio = "voicegateway.rtp.lost.duration";
    public const string ForeignPackets = "voicegateway.rtp.foreign";
    public const string ToolCalls = "voicegateway.tool.calls";
    public const string ToolDuration = "voicegateway.tool.duration";
    public const string Tokens = "voicegateway.live.tokens";
    public const string Cost = "voicegateway.cost";
    public const string Rotations = "voicegateway.link.rotations";
    public const string Reconnects = "voicegateway.link.reconnects";
    public const string LinkGap = "voicegateway.link.gap.duration";
    public const string AudioReplayed = "voicegateway.link.audio.replayed";
    public const string LinkAudioLost = "voicegateway.link.audio.lost";
    public const string Fallbacks = "voicegateway.link.fallbacks";
    public const string QuotaRefusals = "voicegateway.quota.refusals";
    public const string Stalls = "voicegateway.turn.stalls";
    public const string IdlePrompts = "voicegateway.idle.prompts";
    public const string Fillers = "voicegateway.tool.fillers";
    public const string PhantomInterruptions = "voicegateway.interruptions.phantom";
    public const string FalseAlarms = "voicegateway.barge_in.false_alarms";
    public const string ClockLateTicks = "voicegateway.clock.late_ticks";
    public const string CallMos = "voicegateway.call.mos";
    public const string RoundTrip = "voicegateway.rtp.round_trip.duration";
    public const string Jitter = "voicegateway.rtp.jitter.duration";
    public const string PortsInUse = "voicegateway.rtp.ports_in_use";
}
