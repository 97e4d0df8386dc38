using System.Text.Json;
using System.Text.Json.Serialization;

namespace VoiceGateway.Caller;

/// <summary>Reports as JSON: camel case, enums by name, absent figures as null.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(CallerReport))]
[JsonSerializable(typeof(LoadReport))]
public sealed partial class ReportJson : JsonSerializerContext
{
    public static void Write(string path, CallerReport report) => File.WriteAllText(path, JsonSerializer.Serialize(report, Default.CallerReport) + "\n");

    public static void Write(string path, LoadReport report) => File.WriteAllText(path, JsonSerializer.Serialize(report, Default.LoadReport) + "\n");
}
