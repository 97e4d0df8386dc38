using System.Net;

namespace VoiceGateway.GeminiLive;

/// <summary>What an upgrade leaves, in the place of an answer's body: the connection, to be read and written.</summary>
internal sealed class UpgradedContent(Stream connection) : HttpContent
{
    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => connection;

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(connection);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new NotSupportedException("an upgraded connection is no body");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) connection.Dispose();
        base.Dispose(disposing);
    }
}
