namespace VoiceGateway.Codecs.Tests;

public sealed class WordErrorsTests
{
    [Theory]
    [InlineData("a table for four", "a table for four", 0)]
    [InlineData("a table for four", "table for more", 2)]
    [InlineData("a table for four", "", 4)]
    [InlineData("", "hello there", 2)]
    [InlineData("yes", "yes yes yes", 2)]
    public void Count_IsTheLeastNumberOfChanges(string said, string heard, int errors) => Assert.Equal(errors, WordErrors.Count(said, heard));
}
