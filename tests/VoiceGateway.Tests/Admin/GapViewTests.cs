using VoiceGateway.Admin;
using VoiceGateway.Calls;

namespace VoiceGateway.Tests.Admin;

public sealed class GapViewTests
{
    [Fact]
    public void Turn_ModelThinksAndAToolWorks_TheLongerOneMadeTheWait()
    {
        var turn = Assert.Single(TurnView.From([At("speech_stopped", 1000), At("tool_asked", 1200), At("tool_answered", 2400), At("first_model_audio", 2900), At("first_reply_rtp", 2920)]));
        Assert.Equal((1920, 1200, 0, 700, 20, "tool"), (turn.LatencyMs, turn.ToolMs, turn.LinkMs, turn.ModelMs, turn.GatewayMs, turn.MadeBy));
    }

    [Fact]
    public void Turn_ToolsThatOverlap_AreNotCountedTwice()
    {
        var turn = Assert.Single(TurnView.From(
        [
            At("speech_stopped", 0), At("tool_asked", 100), At("tool_asked", 200), At("tool_answered", 300), At("tool_cancelled", 500), At("first_model_audio", 600), At("first_reply_rtp", 600),
        ]));
        Assert.Equal(400, turn.ToolMs);
    }

    [Fact]
    public void Turn_LinkIsLostWhileAToolWorks_TheLinkMadeThatPart()
    {
        var turn = Assert.Single(TurnView.From(
        [
            At("speech_stopped", 0), At("tool_asked", 100), At("link_lost", 200), At("link_restored", 1200, 1000), At("tool_answered", 1300), At("first_model_audio", 1500), At("first_reply_rtp", 1510),
        ]));
        Assert.Equal((200, 1000, 300, "link"), (turn.ToolMs, turn.LinkMs, turn.ModelMs, turn.MadeBy));
    }

    [Fact]
    public void Turn_Greeting_HasNobodyToBlame() =>
        Assert.Null(Assert.Single(TurnView.From([At("first_model_audio", 300), At("first_reply_rtp", 310)])).MadeBy);

    [Fact]
    public void Gaps_OfEveryMaker_AreListedInOrder()
    {
        var gaps = GapView.From(
        [
            At("first_model_audio", 50), At("first_reply_rtp", 60), At("loss", 500, 1600), At("rotated", 900, 200), At("speech_stopped", 1000), At("first_model_audio", 1400),
            At("first_reply_rtp", 1410), At("underrun", 1500), At("speech_stopped", 2000), At("first_model_audio", 3400), At("first_reply_rtp", 3420), At("link_lost", 4000),
            At("underrun", 4200), At("link_restored", 5000, 1000), At("link_lost", 6000), At("ended", 6500),
        ]);
        Assert.Equal(
        [
            new(300, 200, "network", "lost_rtp"),
            new(700, 200, "link", "rotation"),
            new(1500, null, "model", "underrun"),
            new(2000, 1420, "model", "answer"),
            new(4000, 1000, "link", "reconnect"),
            new(4200, null, "link", "underrun"),
            new(6000, 500, "link", "reconnect"),
        ],
        gaps);
    }

    private static CallRecords.Mark At(string mark, double ms, int? value = null) => new(mark, ms, value);
}
