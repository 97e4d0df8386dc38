using VoiceGateway.Calls;

namespace VoiceGateway.Tests.Calls;

public sealed class ServerWordsTests
{
    [Theory]
    [InlineData("Unknown name \"thinkingConfig\" at 'setup.generation_config': Cannot find field.", "Unknown name \"thinkingConfig\" at 'setup.generation_config': Cannot find field.")]
    [InlineData("models/gemini-3.8-live is not found for API version v1beta", "models/gemini-3.8-live is not found for API version v1beta")]
    [InlineData("Invalid value at 'setup.system_instruction', \"The caller is Miller\" (code 1007)", "Invalid value at 'setup.system_instruction', \"…\" (code 1007)")]
    [InlineData("Invalid value at 'tool_response', \"the name is Mil", "Invalid value at 'tool_response', \"…\"")]
    [InlineData("Invalid value \"Miller\", Unknown name \"a\" and \"b\"", "Invalid value \"…\", Unknown name \"a\" and \"…\"")]
    [InlineData("Invalid value, \"+4930987654\"", "Invalid value, \"…\"")]
    [InlineData("cannot call +49 30 987-654", "cannot call …")]
    [InlineData("cannot call 4930987654 now", "cannot call … now")]
    [InlineData("retry in 4000 ms", "retry in 4000 ms")]
    [InlineData(null, null)]
    public void Masked_ReasonOfAClose_KeepsWhatOperatorsNeed(string? said, string? kept) => Assert.Equal(kept, ServerWords.Masked(said));
}
