namespace VoiceGateway.Sip;

internal enum InviteClientState
{
    Calling,
    Proceeding,
    Completed,
    Accepted,
    Terminated,
}
