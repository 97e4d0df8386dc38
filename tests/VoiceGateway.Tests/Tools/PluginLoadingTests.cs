using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using VoiceGateway.Abstractions;
using VoiceGateway.Plugins;
using VoiceGateway.Records;
using VoiceGateway.Tools;

namespace VoiceGateway.Tests.Tools;

public sealed class PluginLoadingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vg-plugins-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void LoadFrom_NoFolder_FindsNothing() => Assert.Empty(PluginLoader.LoadFrom(Path.Combine(_folder, "missing")));

    [Fact]
    public void LoadFrom_PluginInItsFolder_LoadsItApartButWithTheSharedContract()
    {
        Install("VoiceGateway.Plugins");
        var plugins = PluginLoader.LoadFrom(_folder);
        Assert.Equal(["bookings", "callcentre", "lookups"], plugins.Select(p => p.Name).Order());
        Assert.All(plugins, p => Assert.DoesNotContain(p.GetType(), BuiltInPlugins.Create().Select(b => b.GetType())));
    }

    [Fact]
    public void LoadFrom_NotAnAssembly_NamesTheFile()
    {
        File.WriteAllText(Path.Combine(_folder, "Broken.dll"), "no assembly");
        var error = Assert.Throws<ConfigurationException>(() => PluginLoader.LoadFrom(_folder));
        Assert.Equal("Tools:PluginsFolder", error.Key);
        Assert.Contains("Broken.dll: it is no .NET assembly", error.Message);
    }

    [Fact]
    public void LoadFrom_FolderWithoutItsMainAssembly_SaysWhatIsExpected()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "Acme"));
        Assert.Contains("there is no Acme.dll in it", Assert.Throws<ConfigurationException>(() => PluginLoader.LoadFrom(_folder)).Message);
    }

    [Fact]
    public void LoadFrom_AssemblyWithoutPlugin_SaysSo()
    {
        File.Copy(typeof(SqliteConnection).Assembly.Location, Path.Combine(_folder, "Microsoft.Data.Sqlite.dll"));
        var error = Assert.Throws<ConfigurationException>(() => PluginLoader.LoadFrom(_folder));
        Assert.True(error.Message.Contains("no public class that implements IToolPlugin", StringComparison.Ordinal) || error.Message.Contains("does not load", StringComparison.Ordinal), error.Message);
    }

    [Fact]
    public async Task Build_BuiltInPlugins_GivesEveryToolWithSettingsFromTheConfiguration()
    {
        await using var database = Database.Open($"sqlite:{Path.Combine(_folder, "test.db")}");
        var catalog = await Builder(database).BuildAsync(BuiltInPlugins.Create(), CancellationToken.None);
        Assert.Equal(
            ["cancel_booking", "change_booking", "check_availability", "create_booking", "find_booking", "find_customer", "hang_up", "opening_hours", "transfer_call"],
            catalog.Tools.Select(t => t.Name).Order());
    }

    // A PBX's feature codes are keys too: an agent with "*" must not have them unasked.
    [Theory]
    [InlineData(null, false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public async Task Build_PressKeys_IsThereOnlyIfAskedFor(string? setting, bool expected)
    {
        await using var database = Database.Open($"sqlite:{Path.Combine(_folder, "test.db")}");
        var settings = setting is null ? [] : new[] { ("Plugins:CallCentre:PressKeys", setting) };
        var catalog = await Builder(database, settings).BuildAsync(BuiltInPlugins.Create(), CancellationToken.None);
        Assert.Equal(expected, catalog.Select(["*"], "test").TryGet("press_keys", out _));
    }

    [Theory]
    [InlineData("Plugins:Bookings:DurationMinutes", "soon", "Plugins:bookings:DurationMinutes: the value does not fit")]
    [InlineData("Plugins:Bookings:Tables:T1", "0", "Plugins:bookings:Tables:T1: a table has at least one seat")]
    [InlineData("Plugins:Bokings:DurationMinutes", "60", "Plugins:Bokings: there is no such plugin; there are: bookings, lookups, callcentre")]
    [InlineData("Business:TimeZone", "Nowhere", "Business:TimeZone: 'Nowhere' is no time zone")]
    [InlineData("Business:ClosedOn:0", "Christmas", "Business:ClosedOn:0: the value does not fit")]
    public async Task Build_WrongPluginSetting_NamesTheKey(string key, string value, string words)
    {
        await using var database = Database.Open($"sqlite:{Path.Combine(_folder, "test.db")}");
        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => Builder(database, (key, value)).BuildAsync(BuiltInPlugins.Create(), CancellationToken.None));
        Assert.StartsWith(words, error.Message);
    }

    [Fact]
    public async Task Build_TwoPluginsOfOneName_NamesBoth()
    {
        await using var database = Database.Open($"sqlite:{Path.Combine(_folder, "test.db")}");
        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => Builder(database).BuildAsync([new Failing(false), new Failing(false)], CancellationToken.None));
        Assert.Contains("Plugins:failing: two plugins have this name", error.Message);
    }

    [Fact]
    public async Task Build_PluginFailsToStart_NamesIt()
    {
        await using var database = Database.Open($"sqlite:{Path.Combine(_folder, "test.db")}");
        var error = await Assert.ThrowsAsync<ConfigurationException>(
            () => Builder(database).BuildAsync([new Failing(true)], CancellationToken.None));
        Assert.Contains("Plugins:failing: the plugin (VoiceGateway.Tests) did not start: no licence", error.Message);
    }

    private static ToolCatalogBuilder Builder(Database database, params (string Key, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build(),
        database.Source, TimeProvider.System);

    private void Install(string assembly)
    {
        var target = Directory.CreateDirectory(Path.Combine(_folder, assembly)).FullName;
        foreach (var file in new[] { $"{assembly}.dll", "Dapper.dll" })
            File.Copy(Path.Combine(AppContext.BaseDirectory, file), Path.Combine(target, file));
    }

    private sealed class Failing(bool fails) : IToolPlugin
    {
        public string Name => "failing";

        public IEnumerable<AIFunction> CreateTools(ToolPluginContext context) => fails ? throw new InvalidOperationException("no licence") : [];
    }
}
