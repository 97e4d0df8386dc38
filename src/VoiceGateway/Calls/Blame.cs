namespace VoiceGateway.Calls;

/// <summary>Whose doing an ending is: what an operator looks at first.</summary>
public enum Blame { Nobody, Caller, Network, Model, Gateway, Operator }
