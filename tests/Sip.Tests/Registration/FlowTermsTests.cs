using VoiceGateway.Sip.Tests.Dialogs;

namespace VoiceGateway.Sip.Tests.Registration;

/// <summary>RFC 5626 sections 4.4 and 6: what the registrar says of pings.</summary>
public class FlowTermsTests
{
    [Theory]
    [InlineData(null, null, 29.0, 29, false)]
    [InlineData(null, null, null, 0, false)]
    [InlineData("Require", "outbound", 29.0, 29, true)]
    [InlineData("Supported", "outbound", 29.0, 29, false)]
    [InlineData("Flow-Timer", "120", 29.0, 29, true)]
    [InlineData("Flow-Timer", "20", 29.0, 20, true)]
    [InlineData("Flow-Timer", "120", null, 120, true)]
    [InlineData("Flow-Timer", "0", 29.0, 29, false)]
    [InlineData("Flow-Timer", "99999999999", 29.0, 29, false)]
    public async Task Registrar_SaysHowTheFlowIsKept(string? header, string? value, double? wantedSeconds, int seconds, bool expectsPong)
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options with { KeepAlive = wantedSeconds is { } wanted ? TimeSpan.FromSeconds(wanted) : null });
        fixture.Send(Registrar.Ok(registrar.Single(), headers: header is null ? [] : [(header, value!)]));
        Assert.Equal((TimeSpan.FromSeconds(seconds), expectsPong), fixture.From.Lease);
        Assert.Equal(1, fixture.From.Uses);
        await registrar.LeaveAsync(registration);
        Assert.Equal(0, fixture.From.Uses);
    }

    [Fact]
    public async Task Refresh_MayChangeThem()
    {
        await using var fixture = new StackFixture();
        var registrar = new Registrar(fixture);
        var registration = fixture.Endpoint.Register(registrar.Options);
        fixture.Send(Registrar.Ok(registrar.Single()));
        registration.Refresh();
        fixture.Send(Registrar.Ok(registrar.Single(), headers: ("Flow-Timer", "10")));
        Assert.Equal((TimeSpan.FromSeconds(10), true), fixture.From.Lease);
        Assert.Equal(1, fixture.From.Uses);
        await registrar.LeaveAsync(registration);
    }
}
