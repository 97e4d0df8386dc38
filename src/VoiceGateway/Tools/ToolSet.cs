using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace VoiceGateway.Tools;

/// <summary>The tools of one agent, in the order in which the model is shown them.</summary>
public sealed class ToolSet : IReadOnlyCollection<CatalogTool>
{
    private readonly CatalogTool[] _tools;
    private readonly Dictionary<string, CatalogTool> _byName;

    internal ToolSet(IEnumerable<CatalogTool> tools)
    {
        _tools = [.. tools];
        _byName = _tools.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    public static ToolSet Empty { get; } = new([]);

    public int Count => _tools.Length;

    public bool TryGet(string name, [NotNullWhen(true)] out CatalogTool? tool) => _byName.TryGetValue(name, out tool);

    public IEnumerator<CatalogTool> GetEnumerator() => ((IEnumerable<CatalogTool>)_tools).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
