namespace VoiceGateway.Sip;

/// <summary>Who keeps the session alive, by the roles in the request that negotiates it: they may change with every request (RFC 4028 section 4).</summary>
internal enum SessionRefresher
{
    Uac,
    Uas,
}
