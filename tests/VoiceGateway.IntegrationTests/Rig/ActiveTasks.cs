using System.Reflection;
using System.Text.RegularExpressions;

namespace VoiceGateway.IntegrationTests.Rig;

/// <summary>
/// The async methods of ours that have begun and not ended, in the whole process. The runtime keeps this book for debuggers; there is
/// no public door to it.
/// </summary>
internal sealed partial class ActiveTasks : IDisposable
{
    private static readonly FieldInfo Kept = Field("s_asyncDebuggingEnabled");
    private static readonly FieldInfo Book = Field("s_currentActiveTasks");

    private ActiveTasks() => Kept.SetValue(null, true);

    /// <summary>What begins from now on is in the book.</summary>
    public static ActiveTasks Watch() => new();

    /// <summary>How often each method waits at this moment.</summary>
    public static Dictionary<string, int> Now()
    {
        // Made with the first task that is entered.
        if (Book.GetValue(null) is not Dictionary<int, Task> book) return [];
        Task[] active;
        lock (book) active = [.. book.Values];
        return active
            .Select(static task => OurMethod().Match(task.GetType().ToString()))
            .Where(static method => method.Success)
            .GroupBy(static method => method.Value)
            .ToDictionary(static method => method.Key, static method => method.Count());
    }

    public void Dispose()
    {
        Kept.SetValue(null, false);
        if (Book.GetValue(null) is Dictionary<int, Task> book)
            lock (book) book.Clear();
    }

    private static FieldInfo Field(string name) =>
        typeof(Task).GetField(name, BindingFlags.NonPublic | BindingFlags.Static) ?? throw new MissingFieldException(nameof(Task), name);

    // The state machine's type, which has the method's name in it: VoiceGateway.Calls.Call+<RunAsync>d__57.
    [GeneratedRegex(@"VoiceGateway\.(?!IntegrationTests)[\w.]+\+<\w+>\w+")]
    private static partial Regex OurMethod();
}
