namespace VoiceGateway.Sip.Tests.Torture;

public sealed class TortureTableTests
{
    [Fact]
    public void Table_EveryMessage_HasExactlyOneRow() =>
        Assert.Equal(
            new[] { "rfc4475", "rfc5118" }.SelectMany(collection => TortureCorpus.Names(collection).Select(name => $"{collection}/{name}")).Order(StringComparer.Ordinal),
            TortureTable.Files.Order(StringComparer.Ordinal));

    [Fact]
    public void Table_EveryRow_SaysWhy() => Assert.All(TortureTable.Cases, row => Assert.True(row.Why.Length > 5, row.File));
}
