using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VoiceGateway.LiveSimulator.Tests.Scenarios;

public sealed class PlaceholdersTests
{
    private static readonly DateOnly Monday = new(2026, 9, 14);

    private static readonly ImmutableDictionary<string, JsonElement> Results = ImmutableDictionary<string, JsonElement>.Empty.Add(
        "booking", JsonElement.Parse("""{"output":{"booking_id":"417","size":6,"times":["19:30","20:00"]}}"""));

    [Theory]
    [InlineData("{{date:today}}", "2026-09-14")]
    [InlineData("{{date:tomorrow}}", "2026-09-15")]
    [InlineData("{{date:+30}}", "2026-10-14")]
    [InlineData("{{date:next-friday}}", "2026-09-18")]
    [InlineData("{{date:next-monday}}", "2026-09-21")]
    [InlineData("on {{date:next-sunday}}!", "on 2026-09-20!")]
    [InlineData("{{result:booking.booking_id}}", "417")]
    [InlineData("{{result:booking.output.size}} people", "6 people")]
    [InlineData("{{result:booking.times.1}}", "20:00")]
    [InlineData("{{result:booking.phone|no phone}}", "no phone")]
    [InlineData("{{result:nothing.at_all}}", "")]
    [InlineData("{{text}} / {{text:1}}", "pressed 5 / 5")]
    public void Fill_Text_IsFilled(string template, string expected)
    {
        Assert.Null(Placeholders.FaultOf(template));
        Assert.Equal(expected, Placeholders.Fill(template, new(Monday, Results, Regex.Match("pressed 5", "pressed (.)"))));
    }

    [Fact]
    public void Fill_Arguments_KeepTheTypesOfResults()
    {
        var args = JsonElement.Parse("""{"id":"{{result:booking.booking_id}}","size":"{{result:booking.size}}","list":["{{date:today}}",1,null],"all":"{{result:booking.times}}"}""");

        var filled = Placeholders.Fill(args, new(Monday, Results, null));

        Assert.Equal("""{"id":"417","size":6,"list":["2026-09-14",1,null],"all":["19:30","20:00"]}""", filled.GetRawText());
    }

    [Fact]
    public void Fill_NextFriday_IsAlwaysAFridayWithinTheComingWeek()
    {
        for (var today = Monday; today < Monday.AddDays(400); today = today.AddDays(1))
        {
            var friday = DateOnly.Parse(Placeholders.Fill("{{date:next-friday}}", new(today, Results, null)), System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(DayOfWeek.Friday, friday.DayOfWeek);
            Assert.InRange(friday.DayNumber - today.DayNumber, 1, 7);
        }
    }

    [Theory]
    [InlineData("{{date:whenever}}")]
    [InlineData("{{date:next-5}}")]
    [InlineData("{{date:+99999}}")]
    [InlineData("{{name}}")]
    [InlineData("{{result:}}")]
    [InlineData("{{text:x}}")]
    public void FaultOf_UnknownPlaceholder_NamesIt(string template) =>
        Assert.Contains(template, Placeholders.FaultOf(template), StringComparison.Ordinal);
}
