namespace VoiceGateway.Tools;

/// <summary>How a tool call ended; a metric tag and a column of the record.</summary>
public enum ToolCallOutcome
{
    Succeeded,

    /// <summary>The tool refused in words (<see cref="Abstractions.ToolException"/>).</summary>
    Refused,

    /// <summary>The arguments do not fit the schema; the tool did not run.</summary>
    InvalidArguments,

    /// <summary>This agent has no tool of that name.</summary>
    UnknownTool,

    /// <summary>No result in time. The tool may have acted nevertheless.</summary>
    TimedOut,

    /// <summary>The tool threw.</summary>
    Failed,

    /// <summary>Withdrawn by the model or overtaken by the end of the call; nothing was answered.</summary>
    Cancelled,
}
