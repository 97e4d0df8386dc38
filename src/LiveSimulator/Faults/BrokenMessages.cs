using System.Text;

namespace VoiceGateway.LiveSimulator;

/// <summary>Messages that no server should send.</summary>
internal static class BrokenMessages
{
    private static readonly byte[][] NotJson =
    [
        "{\"serverContent\":{\"modelTurn\":{\"parts\":[{\"inlineData\":{\"data\":\"AAAA"u8.ToArray(),
        "upstream connect error or disconnect/reset before headers"u8.ToArray(),
        "{\"serverContent\":{\"turnComplete\":true}}}"u8.ToArray(),
        "{\"toolCall\":{\"functionCalls\":[{\"id\":1,,}]}}"u8.ToArray(),
        [0, 1, 2, 0xFF],
    ];

    /// <summary>Well formed, with names and values that no client knows, some of them within messages that it does know.</summary>
    public static IReadOnlyList<string> FromTheFuture { get; } =
    [
        """{"futureEvent":{"kind":"SOMETHING_NEW","values":[1,null,{"deep":true}]}}""",
        """{"serverContent":{"futureFlag":true,"interactionStatus":"STATUS_OF_THE_FUTURE","modelTurn":{"futureField":1,"parts":[{"futurePart":{"x":[]}},{"inlineData":{"mimeType":"application/x-future","data":"AAAA","codec":"FUTURE"}}]}}}""",
        """{"usageMetadata":{"totalTokenCount":1,"responseTokensDetails":[{"modality":"SMELL","tokenCount":1}]},"futureField":"x"}""",
        """{"voiceActivity":{"voiceActivityType":"ACTIVITY_OF_THE_FUTURE"}}""",
    ];

    public static ReadOnlyMemory<byte> Pick(int index) => NotJson[index % NotJson.Length];

    public static byte[] Enormous(int megabytes)
    {
        var message = new byte[megabytes << 20];
        message.AsSpan().Fill((byte)'x');
        "{\"filler\":\""u8.CopyTo(message);
        Encoding.ASCII.GetBytes("\"}").CopyTo(message, message.Length - 2);
        return message;
    }
}
