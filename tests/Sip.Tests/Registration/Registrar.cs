using VoiceGateway.Sip.Tests.Dialogs;

namespace VoiceGateway.Sip.Tests.Registration;

/// <summary>A registrar that does what the test says, at 192.0.2.2.</summary>
internal sealed class Registrar(StackFixture fixture)
{
    public List<SipRegistrationStatus> Told { get; } = [];

    public SipRegistrationOptions Options => new()
    {
        Registrar = new SipUri(null, StackFixture.Peer),
        AddressOfRecord = new SipUri("4711", "pbx.test"),
        OnChanged = Told.Add,
    };

    public IEnumerable<SipRegistrationState> States => Told.Select(status => status.State);

    /// <summary>The REGISTER that came since the last look, of which there is one.</summary>
    public SipRequest Single() => fixture.SingleRequest("REGISTER");

    /// <summary>As <see cref="Single"/>, where UDP may have repeated it.</summary>
    public SipRequest Last() => Assert.IsType<SipRequest>(fixture.Received()[^1]);

    public bool IsQuiet => fixture.Received().Count == 0;

    public static SipResponse Ok(SipRequest register, string expires = "600", params (string Name, string Value)[] headers)
    {
        var ok = register.CreateResponse(200, toTag: "registrar");
        if (expires.Length > 0)
            ok.Headers.Set("Contact", new SipNameAddress(register.Contact!.Uri).WithParameter("expires", expires).ToString());
        foreach (var (name, value) in headers)
            ok.Headers.Add(name, value);
        return ok;
    }

    public static SipResponse Refusal(SipRequest register, int status, params (string Name, string Value)[] headers)
    {
        var refusal = register.CreateResponse(status, toTag: "registrar");
        foreach (var (name, value) in headers)
            refusal.Headers.Add(name, value);
        return refusal;
    }

    public async Task LeaveAsync(SipRegistration registration)
    {
        var leaving = registration.DisposeAsync().AsTask();
        var last = Last();
        Assert.Equal("0", last.Headers.Get("Expires"));
        fixture.Send(Ok(last, ""));
        await leaving;
        Assert.Equal(SipRegistrationState.Unregistered, registration.Status.State);
    }
}
