namespace VoiceGateway.Sip;

/// <summary>The ACK of a 2xx, kept so that every repeat of the 2xx is answered by the same bytes (RFC 3261 section 13.2.2.4).</summary>
internal sealed class SentAck(SipStack stack, Mailbox mailbox, SipDialog dialog, uint inviteSequence, SessionDescription? answer, SipRequest? invite = null)
{
    private SipFlow? _flow;
    private byte[]? _bytes;
    private bool _isOpening;

    public void Send()
    {
        if (_bytes is not null && _flow is { IsOpen: true })
        {
            Put();
            return;
        }

        if (_isOpening)
            return;
        _isOpening = true;
        stack.OpenFlow(dialog, mailbox, flow =>
        {
            _isOpening = false;
            if (flow is null)
            {
                stack.Counters.Increment(SipCounter.SendFailures);
                return;
            }

            _flow = flow;
            _bytes ??= Create(flow);
            Put();
        });
    }

    private byte[] Create(SipFlow flow)
    {
        var ack = dialog.CreateAck(inviteSequence);
        ack.Headers.InsertFirst(SipHeaderNames.Via, stack.CreateVia(flow).ToString());
        ack.Headers.Set(SipHeaderNames.UserAgent, stack.Options.UserAgent);
        if (invite is not null && dialog.LeadsHome)
            DialogCredentials.Copy(invite, ack);
        if (answer is not null)
            SdpBody.Put(ack, answer);
        return ack.ToBytes();
    }

    private void Put()
    {
        stack.Counters.Increment(SipCounter.RequestsSent);
        _flow!.Send(_bytes);
    }
}
