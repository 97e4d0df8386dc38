using System.Globalization;
using System.Text.Json.Nodes;

namespace VoiceGateway.LiveSimulator;

/// <summary>What the control API shows.</summary>
internal static class ControlJson
{
    public static JsonObject Session(SimulatedSession session) => new()
    {
        ["id"] = session.Id,
        ["conversation"] = session.Conversation,
        ["resumedFrom"] = session.ResumedFrom,
        ["open"] = session.IsOpen,
        ["startedAt"] = Time(session.StartedAt),
        ["endedAt"] = session.EndedAt is { } ended ? Time(ended) : null,
        ["closeCode"] = session.CloseCode,
        ["closeReason"] = session.CloseReason,
        ["closedByClient"] = session.ClosedByClient,
        ["audioReceivedMs"] = session.AudioSamplesReceived * 1000 / session.ReceivedAudioRateHz,
        ["audioSentMs"] = session.AudioBytesSent * 1000 / SpokenAudio.BytesPerSecond,
        ["standing"] = new JsonArray([.. session.StandingFaults.Select(FaultReader.ToNode)]),
        ["faults"] = new JsonArray([.. session.Faults.Select(Injected)]),
    };

    public static JsonObject Armed(ArmedFault armed)
    {
        var json = new JsonObject { ["id"] = armed.Id };
        if (armed.IsRandom)
        {
            json["randomEvery"] = string.Create(CultureInfo.InvariantCulture, $"{armed.At.Time.TotalSeconds}s");
            json["from"] = new JsonArray([.. armed.From.Select(FaultReader.ToNode)]);
            json["seed"] = armed.Seed;
            return json;
        }

        foreach (var (name, value) in FaultReader.ToNode(armed.From[0]).ToList())
            json[name] = value?.DeepClone();
        json["at"] = armed.At.ToString();
        json["connections"] = armed.ConnectionsLeft;
        return json;
    }

    public static JsonObject Kind(FaultKind kind) => new()
    {
        ["kind"] = kind.Name,
        ["nature"] = kind.Nature,
        ["sentence"] = kind.Sentence,
        ["settings"] = new JsonObject(kind.Settings.Select(static setting => KeyValuePair.Create(setting.Name, (JsonNode?)Setting(setting)))),
    };

    private static JsonObject Setting(FaultSetting setting)
    {
        var json = new JsonObject { ["default"] = FaultReader.Value(setting.Default) };
        if (setting.Sentence.Length > 0)
            json["sentence"] = setting.Sentence;
        return json;
    }

    private static JsonObject Injected(InjectedFault injected)
    {
        var json = FaultReader.ToNode(injected.Fault);
        json.Insert(0, "at", Time(injected.At));
        return json;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
