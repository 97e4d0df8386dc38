namespace VoiceGateway.Plugins.CallCentre;

/// <summary>The section <c>Plugins:CallCentre</c>.</summary>
internal sealed class CallCentreSettings
{
    /// <summary>
    /// Whether there is <c>press_keys</c>. Not unless it is asked for: a caller could talk the model into a PBX's feature codes, which
    /// transfer calls past <c>Calls:TransferTargets</c>.
    /// </summary>
    public bool PressKeys { get; set; }
}
