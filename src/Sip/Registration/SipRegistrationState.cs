namespace VoiceGateway.Sip;

public enum SipRegistrationState
{
    /// <summary>The first REGISTER is under way.</summary>
    Registering,

    /// <summary>The registrar sends us the calls of the address of record.</summary>
    Registered,

    /// <summary>The registrar is silent, out of reach or out of order; it is asked again after a pause that grows.</summary>
    Retrying,

    /// <summary>The registrar refuses us: credentials, address of record or request. It is asked again after the longest pause only.</summary>
    Failed,

    /// <summary>We have gone.</summary>
    Unregistered,
}
