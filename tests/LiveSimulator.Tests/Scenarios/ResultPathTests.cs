using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests.Scenarios;

public sealed class ResultPathTests
{
    [Theory]
    [InlineData("""{"output":{"available":true}}""")]
    [InlineData("""{"result":{"available":true}}""")]
    [InlineData("""{"available":true}""")]
    [InlineData("""{"output":"{\"available\":true}"}""")]
    public void Find_ResponseInAnyUsualWrapping_FindsTheProperty(string response) =>
        Assert.True(ResultPath.AreEqual(ResultPath.Find(JsonElement.Parse(response), "available"), JsonElement.Parse("true")));

    [Theory]
    [InlineData("""{"error":"full"}""", "available")]
    [InlineData("""{"output":"plain words"}""", "available")]
    [InlineData("""{"output":[1,2]}""", "2")]
    [InlineData("7", "available")]
    public void Find_NothingThere_IsUndefined(string response, string path) =>
        Assert.Equal(JsonValueKind.Undefined, ResultPath.Find(JsonElement.Parse(response), path).ValueKind);

    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("\"Yes\"", "\"yes\"", true)]
    [InlineData("true", "false", false)]
    [InlineData("\"1\"", "1", false)]
    [InlineData("{\"a\":[1]}", "{\"a\":[1]}", true)]
    public void AreEqual_ComparesByMeaning(string one, string other, bool equal) =>
        Assert.Equal(equal, ResultPath.AreEqual(JsonElement.Parse(one), JsonElement.Parse(other)));
}
