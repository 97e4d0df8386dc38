using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using VoiceGateway.Hosting;
using VoiceGateway.IntegrationTests.Rig;

namespace VoiceGateway.IntegrationTests.Interop;

/// <summary>fail2ban's own program reads the log of a gateway that runs as it is shipped, with the filter as it is shipped.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class Fail2BanTests
{
    private static readonly string[] NobodyIsKnown = ["--Sip:Trunks:loopback:Addresses:0=192.0.2.1", "--Sip:Trunks:loopback:Addresses:1=192.0.2.2"];
    private static readonly string[] AliceMayCall = ["--Sip:Trunks:alice:CallerUser=alice", "--Sip:Trunks:alice:CallerPassword=open sesame"];

    [SkippableFact]
    public async Task Strangers_WhateverTheyTry_AreFoundByTheFilter()
    {
        var log = await LogOfAsync(NobodyIsKnown, "unknown source from udp ::1", static async ports =>
        {
            await SendAsync(IPAddress.Loopback, ports[0], Request("OPTIONS"));
            // The log is waited for until the second one is in it, and each socket has a thread of its own.
            await Task.Delay(TimeSpan.FromSeconds(1));
            await SendAsync(IPAddress.IPv6Loopback, ports[1], Request("REGISTER"));
        });
        Assert.Equal(["127.0.0.1", "::1"], (await BannedAsync(log)).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task Stranger_WhoGuessesAPassword_IsFoundByTheFilter()
    {
        const string Guess = "Authorization: Digest username=\"alice\", realm=\"gateway\", nonce=\"{0}\", uri=\"sip:100@127.0.0.1\", response=\"00000000000000000000000000000000\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"x\"\r\n";
        var log = await LogOfAsync([.. NobodyIsKnown, .. AliceMayCall], "bad credentials from", static async ports =>
        {
            using var guesser = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            await guesser.SendAsync(Request("INVITE"), "127.0.0.1", ports[0]);
            var challenge = Encoding.ASCII.GetString((await guesser.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(10))).Buffer);
            var nonce = Regex.Match(challenge, "algorithm=MD5[^\r]*nonce=\"([^\"]+)\"|nonce=\"([^\"]+)\"[^\r]*algorithm=MD5");
            Assert.True(nonce.Success, challenge);
            var given = nonce.Groups[1].Success ? nonce.Groups[1].Value : nonce.Groups[2].Value;
            await guesser.SendAsync(Request("INVITE", string.Format(null, Guess, given)), "127.0.0.1", ports[0]);
        });
        Assert.Equal(["127.0.0.1"], await BannedAsync(log));
    }

    [SkippableFact]
    public async Task PeerOfATrunk_WhateverItSends_IsNotBanned()
    {
        var log = await LogOfAsync([], "SIP trunk offence: malformed", static ports => SendAsync(IPAddress.Loopback, ports[0], Encoding.ASCII.GetBytes("INVITE sip:100@127.0.0.1 SIP/2.0\r\nno header\r\n\r\n")));
        Assert.Empty(await BannedAsync(log));
    }

    /// <summary>What a gateway of its own process logs meanwhile, until it has logged a certain thing.</summary>
    private static async Task<string> LogOfAsync(string[] settings, string until, Func<int[], Task> meanwhile)
    {
        Peer.Fail2Ban.Require();
        var folder = Directory.CreateTempSubdirectory("voicegateway-fail2ban-");
        string[] arguments =
        [
            typeof(Gateway).Assembly.Location, "--Sip:Listen:0=udp:127.0.0.1:0", "--Sip:Listen:1=udp:[::1]:0", "--Admin:Url=http://127.0.0.1:0",
            $"--Storage:Database=sqlite:{Path.Combine(folder.FullName, "p.db")}", .. settings,
        ];
        await using var gateway = PeerProcess.Start("dotnet", folder, arguments);
        await gateway.SaysAsync("voicegateway ready", seconds: 60);
        await meanwhile([.. Regex.Matches(gateway.Output, @"udp:\S+?:(\d+)[, ]").Select(static m => int.Parse(m.Groups[1].ValueSpan, null))]);
        await gateway.SaysAsync(until);
        await gateway.SignalAsync("TERM");
        await gateway.ExitAsync(TimeSpan.FromSeconds(20));
        return gateway.Output;
    }

    /// <summary>The addresses that fail2ban would count, in order.</summary>
    private static async Task<string[]> BannedAsync(string log)
    {
        var folder = Directory.CreateTempSubdirectory("voicegateway-fail2ban-");
        var file = Path.Combine(folder.FullName, "voicegateway.log");
        await File.WriteAllTextAsync(file, log);
        await using var reader = PeerProcess.Start(Peer.Fail2Ban.Require(), folder, ["-o", "ip", file, PeerFiles.Shipped("fail2ban/filter.d/voicegateway.conf")]);
        Assert.True(await reader.ExitAsync(TimeSpan.FromSeconds(30)) is not null, reader.Output);
        return [.. reader.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }

    private static async Task SendAsync(IPAddress to, int port, byte[] message)
    {
        using var stranger = new UdpClient(new IPEndPoint(to, 0));
        await stranger.SendAsync(message, new IPEndPoint(to, port));
    }

    private static byte[] Request(string method, string headers = "") => Encoding.ASCII.GetBytes(
        $"{method} sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK{Guid.NewGuid():N}\r\nMax-Forwards: 70\r\nFrom: <sip:x@127.0.0.1>;tag=1\r\nTo: <sip:100@127.0.0.1>\r\n"
        + $"Call-ID: {Guid.NewGuid():N}\r\nCSeq: 1 {method}\r\nContact: <sip:x@127.0.0.1:9>\r\n{headers}Content-Length: 0\r\n\r\n");
}
