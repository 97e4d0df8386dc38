using System.ComponentModel;
using System.Reflection;
using System.Text.Json;

namespace VoiceGateway.LiveSimulator;

/// <summary>A kind of fault as a list shows it.</summary>
public sealed class FaultKind
{
    private FaultKind(Type type)
    {
        Type = type;
        Name = JsonNamingPolicy.CamelCase.ConvertName(type.Name);
        Sentence = type.GetCustomAttribute<DescriptionAttribute>()!.Description;
        Normal = Create();
        // Its own settings come before those that it shares with others: the short form means the first one.
        Settings = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.CanWrite)
            .OrderByDescending(static property => Depth(property.DeclaringType!)).ThenBy(static property => property.MetadataToken)
            .Select(property => new FaultSetting(property, Normal))];
    }

    public string Name { get; }

    public string Sentence { get; }

    /// <summary><c>connect</c>: only for connections to come; <c>once</c>: happens at once; <c>lasting</c>: changes how a session behaves.</summary>
    public string Nature => Normal switch { Fault.AtTheDoor => "connect", Fault.Lasting => "lasting", _ => "once" };

    public IReadOnlyList<FaultSetting> Settings { get; }

    /// <summary>The fault with all its defaults.</summary>
    public Fault Normal { get; }

    internal static IReadOnlyList<FaultKind> All { get; } =
        [.. typeof(Fault).GetNestedTypes().Where(static type => !type.IsAbstract && type.IsAssignableTo(typeof(Fault))).OrderBy(static type => type.MetadataToken).Select(static type => new FaultKind(type))];

    internal Type Type { get; }

    internal static FaultKind Of(Fault fault) => All.First(kind => kind.Type == fault.GetType());

    internal static FaultKind? Named(string name) => All.FirstOrDefault(kind => kind.Name == name);

    internal Fault Create() => (Fault)Activator.CreateInstance(Type)!;

    public override string ToString() => Name;

    private static int Depth(Type type) => type.BaseType is { } parent ? Depth(parent) + 1 : 0;
}
