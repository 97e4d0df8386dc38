using System.ComponentModel.DataAnnotations;

namespace VoiceGateway.Routing;

/// <summary>
/// A look-up while the phone rings. Its result fills <c>{{customer}}</c> and <c>{{customer.FIELD}}</c>; without a number, without a result,
/// or after a second the defaults written in the text hold.
/// </summary>
public sealed record AgentCustomer
{
    /// <summary>A tool of any plugin. It is called for every call, so it must only read.</summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "must name a tool")]
    public string Tool { get; init; } = "";

    /// <summary>The parameter that takes the caller's number; null: the tool takes it from the call.</summary>
    public string? Argument { get; init; }
}
