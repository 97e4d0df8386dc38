using System.Net;
using System.Net.Sockets;
using System.Text;
using VoiceGateway.Sip.Tests.Transactions;

namespace VoiceGateway.Sip.Tests.Registration;

/// <summary>A registrar behind a real connection.</summary>
public class RegistrationSocketTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Connection_ClosedByTheRegistrar_IsRegisteredAnew()
    {
        using var registrar = new TcpListener(IPAddress.Loopback, 0);
        registrar.Start();
        var at = (IPEndPoint)registrar.LocalEndpoint;
        await using var endpoint = new SipEndpoint(new SipEndpointOptions());
        await endpoint.StartAsync();
        var registration = endpoint.Register(new SipRegistrationOptions
        {
            Registrar = new SipUri(null, "127.0.0.1", at.Port).WithParameter("transport", "tcp"),
            AddressOfRecord = new SipUri("4711", "pbx.test"),
            RetryBase = TimeSpan.FromMilliseconds(50),
        });
        var first = await ServeAsync(registrar);
        var second = await ServeAsync(registrar);
        Assert.Equal(first.CallId, second.CallId);
        Assert.True(second.CSeq.Number > first.CSeq.Number);
        var leaving = registration.DisposeAsync().AsTask();
        await leaving.WaitAsync(Patience);
        Assert.Equal(SipRegistrationState.Unregistered, registration.Status.State);
    }

    /// <summary>One connection: a REGISTER, its 200, and the end.</summary>
    private static async Task<SipRequest> ServeAsync(TcpListener registrar)
    {
        using var client = await registrar.AcceptTcpClientAsync().WaitAsync(Patience);
        var stream = client.GetStream();
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int length = await stream.ReadAsync(buffer).AsTask().WaitAsync(Patience);
            Assert.NotEqual(0, length);
            text.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }

        var register = Assert.IsType<SipRequest>(TransactionFixture.Parse(text.ToString()));
        await stream.WriteAsync(Registrar.Ok(register).ToBytes());
        await Task.Delay(100);
        return register;
    }
}
