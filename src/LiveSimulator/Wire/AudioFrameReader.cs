using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>
/// The lean path for the one message that comes fifty times a second:
/// <c>{"realtimeInput":{"audio":{"data":"…","mimeType":"audio/pcm;rate=16000"}}}</c>, in any order and spelling of its names.
/// Nothing is allocated. Anything else is left to the thorough path, which also finds the words for what is wrong.
/// </summary>
internal static class AudioFrameReader
{
    /// <summary>Decodes the frame's bytes into <paramref name="pcm"/>, which must have room for three quarters of the message.</summary>
    /// <returns>False when this is not such a message or not a flawless one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, Span<byte> pcm, out int bytes, out int sampleRateHz)
    {
        bytes = 0;
        sampleRateHz = 0;
        try
        {
            var reader = new Utf8JsonReader(message);
            return Enter(ref reader, "realtimeInput"u8, "realtime_input"u8)
                && Enter(ref reader, "audio"u8, "audio"u8)
                && ReadBlob(ref reader, pcm, out bytes, out sampleRateHz)
                && reader.Read() && reader.TokenType == JsonTokenType.EndObject
                && reader.Read() && reader.TokenType == JsonTokenType.EndObject
                && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Base64 in either alphabet, padded or not, as protobuf's JSON allows.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> base64, Span<byte> destination, out int bytes)
    {
        if (Base64.DecodeFromUtf8(base64, destination, out _, out bytes) == OperationStatus.Done)
            return true;
        if (base64.ContainsAny("+/"u8))
            return TryDecodeUnpadded(base64, destination, out bytes);
        return Base64Url.DecodeFromUtf8(base64, destination, out _, out bytes) == OperationStatus.Done;
    }

    private static bool TryDecodeUnpadded(ReadOnlySpan<byte> base64, Span<byte> destination, out int bytes)
    {
        var rented = ArrayPool<byte>.Shared.Rent(base64.Length);
        try
        {
            var urlSafe = rented.AsSpan(0, base64.Length);
            base64.Replace(urlSafe, (byte)'+', (byte)'-');
            urlSafe.Replace((byte)'/', (byte)'_');
            return Base64Url.DecodeFromUtf8(urlSafe, destination, out _, out bytes) == OperationStatus.Done;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> camelName, ReadOnlySpan<byte> snakeName)
    {
        if (reader.TokenType == JsonTokenType.None && !(reader.Read() && reader.TokenType == JsonTokenType.StartObject))
            return false;
        return reader.Read() && reader.TokenType == JsonTokenType.PropertyName
            && (reader.ValueTextEquals(camelName) || reader.ValueTextEquals(snakeName))
            && reader.Read() && reader.TokenType == JsonTokenType.StartObject;
    }

    private static bool ReadBlob(ref Utf8JsonReader reader, Span<byte> pcm, out int bytes, out int sampleRateHz)
    {
        bytes = -1;
        sampleRateHz = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isData = reader.ValueTextEquals("data"u8);
            if (!isData && !reader.ValueTextEquals("mimeType"u8) && !reader.ValueTextEquals("mime_type"u8))
                return false;
            // An escaped value ("\/" from some encoders) goes the thorough way.
            if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
                return false;
            if (isData ? !TryDecode(reader.ValueSpan, pcm, out bytes) : (sampleRateHz = RateOf(reader.ValueSpan)) == 0)
                return false;
        }

        return reader.TokenType == JsonTokenType.EndObject && bytes >= 0 && bytes % 2 == 0 && sampleRateHz > 0;
    }

    private static int RateOf(ReadOnlySpan<byte> mimeType) =>
        mimeType.SequenceEqual("audio/pcm;rate=16000"u8) || mimeType.SequenceEqual("audio/pcm"u8) ? 16000 : 0;
}
