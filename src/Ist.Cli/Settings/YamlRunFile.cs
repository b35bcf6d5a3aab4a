using System.Globalization;
using Ist.Runtime;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ist.Cli.Settings;

/// <summary>Reads a run's file in YAML: plain words are numbers, booleans or null by YAML 1.2's core schema, else text.</summary>
internal static class YamlRunFile
{
    /// <summary>The entries, in order.</summary>
    /// <exception cref="InputException">It is no YAML mapping, or a value is neither a scalar nor a list of scalars.</exception>
    public static IEnumerable<RunFileEntry> Read(string path, string text)
    {
        YamlStream stream = Parse(path, text);
        if (stream.Documents.Count == 0)
            return [];
        YamlNode root = stream.Documents[0].RootNode;
        if (root is not YamlMappingNode mapping || stream.Documents.Count > 1)
            throw new InputException($"{path}: line {root.Start.Line}: expected one mapping of keys and values, such as 'rank: 8'");
        return mapping.Children.Select(pair => Entry(path, pair.Key, pair.Value));
    }

    private static YamlStream Parse(string path, string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
            return stream;
        }
        catch (YamlException e)
        {
            throw new InputException($"{path}: line {e.Start.Line}: it isn't valid YAML: {e.InnerException?.Message ?? e.Message}", e);
        }
    }

    private static RunFileEntry Entry(string path, YamlNode key, YamlNode value)
    {
        int line = (int)key.Start.Line;
        string name = (key as YamlScalarNode)?.Value ?? throw new InputException($"{path}: line {line}: a key is no plain word");
        switch (value)
        {
            case YamlScalarNode scalar:
                return new RunFileEntry(name, line, Kind(scalar), IsNull(scalar) ? null : [scalar.Value!], IsList: false);
            case YamlSequenceNode list when list.Children.All(item => item is YamlScalarNode scalar && !IsNull(scalar)):
                YamlScalarNode[] items = [.. list.Children.Cast<YamlScalarNode>()];
                ScalarKind[] kinds = [.. items.Select(Kind).Distinct()];
                return new RunFileEntry(name, line, kinds.Length == 1 ? kinds[0] : ScalarKind.Text, [.. items.Select(i => i.Value!)], IsList: true);
            default:
                throw new InputException($"{path}: line {line}: '{name}' is nested; expected a value or a list of values");
        }
    }

    private static bool IsNull(YamlScalarNode scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null" or "Null" or "NULL";

    private static ScalarKind Kind(YamlScalarNode scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
            return ScalarKind.Text;
        if (scalar.Value is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
            return ScalarKind.Boolean;
        return double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? ScalarKind.Number
            : ScalarKind.Text;
    }
}
