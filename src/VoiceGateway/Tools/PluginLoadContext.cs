using System.Reflection;
using System.Runtime.Loader;

namespace VoiceGateway.Tools;

/// <summary>
/// Keeps a plugin's own dependencies apart from the gateway's and from other plugins', but shares the contract:
/// an <c>IToolPlugin</c> loaded twice would be two unrelated types.
/// </summary>
internal sealed class PluginLoadContext(string mainAssemblyPath) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(mainAssemblyPath))
{
    private static readonly HashSet<string> Shared = new(StringComparer.Ordinal)
    {
        "VoiceGateway.Abstractions", "Microsoft.Extensions.AI.Abstractions",
    };

    private readonly string _folder = Path.GetDirectoryName(mainAssemblyPath)!;
    private readonly AssemblyDependencyResolver? _resolver =
        File.Exists(Path.ChangeExtension(mainAssemblyPath, ".deps.json")) ? new(mainAssemblyPath) : null;

    // Null leaves the choice to the gateway's own context.
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name is not { } name || Shared.Contains(name))
            return null;
        var beside = Path.Combine(_folder, name + ".dll");
        var path = _resolver?.ResolveAssemblyToPath(assemblyName) ?? (File.Exists(beside) ? beside : null);
        return path is null ? null : LoadFromAssemblyPath(path);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver?.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : nint.Zero;
}
