using System.Reflection;
using VoiceGateway.Abstractions;

namespace VoiceGateway.Tools;

/// <summary>
/// Finds plugins in a folder: each subfolder is one plugin with the assemblies it needs, its main assembly named like the folder
/// (<c>plugins/Acme.Crm/Acme.Crm.dll</c>); a single file <c>plugins/Acme.Crm.dll</c> will do when it needs nothing else.
/// </summary>
public static class PluginLoader
{
    /// <summary>Loads and constructs every plugin. A folder that does not exist holds none.</summary>
    /// <exception cref="ConfigurationException">What is there cannot be loaded; the message says which file and why.</exception>
    public static IReadOnlyList<IToolPlugin> LoadFrom(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        var plugins = new List<IToolPlugin>();
        foreach (var path in MainAssemblies(Path.GetFullPath(folder)))
            plugins.AddRange(Load(path));
        return plugins;
    }

    private static IEnumerable<string> MainAssemblies(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
            yield return file;
        foreach (var subfolder in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var main = Path.Combine(subfolder, Path.GetFileName(subfolder) + ".dll");
            if (!File.Exists(main))
                throw Error(subfolder, $"there is no {Path.GetFileName(main)} in it; the main assembly must be named like its folder");
            yield return main;
        }
    }

    private static List<IToolPlugin> Load(string path)
    {
        Type[] types;
        try
        {
            types = new PluginLoadContext(path).LoadFromAssemblyPath(path).GetTypes();
        }
        catch (BadImageFormatException e)
        {
            throw Error(path, "it is no .NET assembly, or one for another kind of machine", e);
        }
        catch (ReflectionTypeLoadException e)
        {
            throw Error(path, $"it does not load: {string.Join("; ", e.LoaderExceptions.Select(x => x?.Message).Distinct())} (was it published with its dependencies, against this version of VoiceGateway.Abstractions?)", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Error(path, $"it does not load: {e.Message}", e);
        }

        var plugins = types.Where(t => t is { IsClass: true, IsAbstract: false, IsPublic: true } && t.IsAssignableTo(typeof(IToolPlugin))).ToList();
        return plugins.Count == 0
            ? throw Error(path, $"it has no public class that implements {nameof(IToolPlugin)}")
            : plugins.ConvertAll(t => Construct(path, t));
    }

    private static IToolPlugin Construct(string path, Type type)
    {
        if (type.GetConstructor(Type.EmptyTypes) is null)
            throw Error(path, $"{type.FullName} has no public constructor without parameters");
        try
        {
            return (IToolPlugin)Activator.CreateInstance(type)!;
        }
        catch (TargetInvocationException e)
        {
            throw Error(path, $"the constructor of {type.FullName} failed: {e.InnerException?.Message}", e);
        }
    }

    private static ConfigurationException Error(string path, string problem, Exception? cause = null) =>
        new($"{ToolOptions.Section}:{nameof(ToolOptions.PluginsFolder)}", $"plugin {path}: {problem}", cause);
}
