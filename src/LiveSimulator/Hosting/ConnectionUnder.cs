using System.Net.Sockets;

namespace VoiceGateway.LiveSimulator;

/// <summary>What is under a WebSocket.</summary>
/// <param name="Wire">Its bytes.</param>
/// <param name="Tcp">Null when the server does not show it.</param>
/// <param name="Aborted">Cancelled when the TCP connection is gone.</param>
internal sealed record ConnectionUnder(WireStream Wire, Socket? Tcp, CancellationToken Aborted);
