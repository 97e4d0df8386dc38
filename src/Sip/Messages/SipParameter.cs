namespace VoiceGateway.Sip;

/// <summary>A parameter as written: the value keeps its quotes or %-escapes, and is null when there is none (<c>;lr</c>).</summary>
public readonly record struct SipParameter(string Name, string? Value)
{
    public override string ToString() => Value is null ? Name : $"{Name}={Value}";
}
