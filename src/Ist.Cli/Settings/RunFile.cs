using System.Text;
using Ist.Runtime;

namespace Ist.Cli.Settings;

/// <summary>
/// A file of settings: a YAML mapping (<c>.yaml</c>, <c>.yml</c>) or a JSON object (<c>.json</c>), one key for each setting.
/// Null means that the key is not set.
/// </summary>
internal sealed class RunFile
{
    private readonly Dictionary<Setting, SettingValue> _values = [];
    private readonly string _subject;

    private RunFile(string path, string subject) => (Path, _subject) = (path, subject);

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">The settings that it may have.</param>
    /// <param name="subject">What they are settings of, for messages.</param>
    /// <exception cref="InputException">It can't be read, or has a key that is no setting or stands there twice; names file and line.</exception>
    public static RunFile Load(string path, IReadOnlyList<Setting> settings, string subject = "run") => Read(path, Read(path, subject), settings, subject);

    /// <summary>Reads what a file holds; its name says whether that is YAML or JSON.</summary>
    /// <exception cref="InputException">It has a key that is no setting or stands there twice; names file and line.</exception>
    public static RunFile Read(string path, byte[] bytes, IReadOnlyList<Setting> settings, string subject)
    {
        IEnumerable<RunFileEntry> entries = System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".json" => JsonRunFile.Read(path, bytes),
            ".yaml" or ".yml" => YamlRunFile.Read(path, Decode(path, bytes)),
            _ => throw new InputException($"{path}: a {subject}'s file is YAML or JSON and its name says which; expected .yaml, .yml or .json"),
        };
        var file = new RunFile(path, subject);
        foreach (RunFileEntry entry in entries)
            file.Add(entry, settings);
        return file;
    }

    /// <summary>What the file gives a setting, or null.</summary>
    public SettingValue? Find(Setting setting) => _values.GetValueOrDefault(setting);

    private void Add(RunFileEntry entry, IReadOnlyList<Setting> settings)
    {
        Setting setting = settings.FirstOrDefault(s => s.Key == entry.Key || s.Name == entry.Key)
            ?? throw new InputException($"{Path}: line {entry.Line}: '{entry.Key}' is no setting of a {_subject}"
                + PeerNames.Hint(entry.Key.Replace('-', '_'), settings.Select(s => s.Key), key => key));
        if (entry.Texts is null)
            return;
        string origin = $"{Path}: line {entry.Line}: '{entry.Key}'";
        if (!_values.TryAdd(setting, new SettingValue(origin, entry.Kind, entry.Texts, entry.IsList)))
            throw new InputException($"{origin} is set a second time; keep one of the two");
    }

    private static byte[] Read(string path, string subject)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException(e is FileNotFoundException or DirectoryNotFoundException
                ? $"{path}: there is no such file; give the YAML or JSON file of a {subject}"
                : $"{path}: it can't be read: {e.Message}", e);
        }
    }

    private static string Decode(string path, byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            int line = bytes.AsSpan(0, e.Index).Count((byte)'\n') + 1;
            throw new InputException($"{path}: line {line}: it isn't valid UTF-8; save the file in UTF-8", e);
        }
    }
}
