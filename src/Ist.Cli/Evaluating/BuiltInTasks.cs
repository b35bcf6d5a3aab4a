using System.Reflection;

namespace Ist.Cli.Evaluating;

/// <summary>The tasks that come with the command: the files of the folder Tasks.</summary>
internal static class BuiltInTasks
{
    private const string Prefix = "Tasks/", Suffix = ".yaml";

    private static readonly Assembly _assembly = typeof(BuiltInTasks).Assembly;

    /// <summary>Their names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. _assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>A task's file, or null where there is none of this name.</summary>
    public static byte[]? Find(string name)
    {
        using Stream? stream = _assembly.GetManifestResourceStream(Prefix + name + Suffix);
        if (stream is null)
            return null;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
