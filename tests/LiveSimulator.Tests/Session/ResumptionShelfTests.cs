using System.Collections.Immutable;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator.Tests.Session;

public sealed class ResumptionShelfTests
{
    private static readonly ScenarioPlace Place = new(3, true, ImmutableDictionary<string, JsonElement>.Empty);

    private readonly ManualTime _time = new();
    private readonly SimulatedSession _owner = new("s", new LiveApiPath(false, "v1beta", false), CredentialKind.None, new LiveSimulatorOptions());
    private readonly SimulatedSession _taker = new("t", new LiveApiPath(false, "v1beta", false), CredentialKind.None, new LiveSimulatorOptions());

    [Fact]
    public void TryTake_OwnerHasEnded_GivesThePlaceBack()
    {
        var shelf = new ResumptionShelf(_time, TimeSpan.FromHours(2));
        var handle = shelf.Leave(_owner, Place);
        _owner.NoteEnd();

        Assert.Null(shelf.TryTake(handle, _taker, out var place));
        Assert.Same(Place, place);
        Assert.Equal("s", _taker.ResumedFrom);
        Assert.Equal(_owner.Conversation, _taker.Conversation);
    }

    [Fact]
    public void TryTake_OwnerStillConnected_IsAnInternalError() =>
        Assert.Equal(1011, Take(new ResumptionShelf(_time, TimeSpan.FromHours(2))));

    [Fact]
    public void TryTake_UnknownOrExpiredHandle_IsNotFound()
    {
        var shelf = new ResumptionShelf(_time, TimeSpan.FromHours(2));
        var handle = shelf.Leave(_owner, Place);
        _owner.NoteEnd();
        _time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(1008, shelf.TryTake(handle, _taker, out _)?.Code);
        Assert.Equal(1008, shelf.TryTake("nonsense", _taker, out _)?.Code);
    }

    private int? Take(ResumptionShelf shelf) => shelf.TryTake(shelf.Leave(_owner, Place), _taker, out _)?.Code;
}
