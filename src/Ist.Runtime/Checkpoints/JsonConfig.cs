using System.Collections.Immutable;
using System.Text.Json;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// A JSON object such as <c>config.json</c>, read key by key. Where a fallback is given, a key that is missing or null gives
/// the fallback, as in Hugging Face's configurations; a value of the wrong kind is always refused.
/// </summary>
public sealed partial class JsonConfig
{
    private readonly JsonElement _object;
    private readonly string _keyPath;

    private JsonConfig(string source, string keyPath, JsonElement element)
    {
        Source = source;
        _keyPath = keyPath;
        _object = element;
    }

    /// <summary>The file, for error messages.</summary>
    public string Source { get; }

    /// <summary>The keys in the file's order.</summary>
    public IEnumerable<string> Keys => _object.EnumerateObject().Select(p => p.Name);

    /// <summary>Reads a file that holds one object.</summary>
    /// <exception cref="InputException">It can't be read, isn't UTF-8 or JSON, has a key twice, or holds no object.</exception>
    public static JsonConfig Load(string path) => Parse(InputFile.ReadAllBytes(path), path);

    /// <summary>Reads an object from UTF-8.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="source">Its file, for error messages.</param>
    /// <exception cref="InputException">It isn't UTF-8 or JSON, has a key twice, or holds no object.</exception>
    public static JsonConfig Parse(ReadOnlySpan<byte> utf8, string source)
    {
        JsonElement root = JsonText.Parse(utf8, source);
        if (root.ValueKind != JsonValueKind.Object)
            throw new InputException($"{source}: it holds {Describe(root)}, expected an object {{…}}");
        return new JsonConfig(source, "", root);
    }

    /// <summary>Whether the key is there and not null.</summary>
    public bool Has(string key) => Kind(key) is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The kind of a key's value; <see cref="JsonValueKind.Undefined"/> where the key is missing.</summary>
    public JsonValueKind Kind(string key) => _object.TryGetProperty(key, out JsonElement value) ? value.ValueKind : JsonValueKind.Undefined;

    /// <summary>The value as it stands in the file, such as <c>false</c> or <c>"text"</c>; empty where the key is missing.</summary>
    public string GetRaw(string key) => _object.TryGetProperty(key, out JsonElement value) ? value.GetRawText() : "";

    /// <summary>Whether the key holds a list without elements.</summary>
    public bool IsEmptyList(string key) =>
        _object.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    /// <summary>An integer of 32 bits.</summary>
    public int GetInt(string key) => ToInt(key, Required(key, "an integer"));

    /// <summary>An integer of 32 bits, or the fallback.</summary>
    public int GetInt(string key, int fallback) => Has(key) ? GetInt(key) : fallback;

    /// <summary>A number, as F32.</summary>
    public float GetFloat(string key)
    {
        float value = (float)GetDouble(key);
        return float.IsFinite(value) ? value : throw WrongKind(key, Required(key, "a number"), "a number that F32 can hold");
    }

    /// <summary>A number as F32, or the fallback.</summary>
    public float GetFloat(string key, float fallback) => Has(key) ? GetFloat(key) : fallback;

    /// <summary>A number.</summary>
    public double GetDouble(string key) => ToDouble(key, Required(key, "a number"));

    /// <summary>A number, or the fallback.</summary>
    public double GetDouble(string key, double fallback) => Has(key) ? GetDouble(key) : fallback;

    /// <summary>True or false.</summary>
    public bool GetBool(string key)
    {
        JsonElement value = Required(key, "true or false");
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw WrongKind(key, value, "true or false");
    }

    /// <summary>True or false, or the fallback.</summary>
    public bool GetBool(string key, bool fallback) => Has(key) ? GetBool(key) : fallback;

    /// <summary>A string.</summary>
    public string GetString(string key) => ToText(key, Required(key, "a string"), "a string");

    /// <summary>A string, or the fallback.</summary>
    public string GetString(string key, string fallback) => Has(key) ? GetString(key) : fallback;

    /// <summary>A string, or null where the key is missing or null.</summary>
    public string? GetStringOrNull(string key) => Has(key) ? GetString(key) : null;

    /// <summary>An object.</summary>
    public JsonConfig GetObject(string key)
    {
        JsonElement value = Required(key, "an object");
        return value.ValueKind == JsonValueKind.Object
            ? new JsonConfig(Source, FullKey(key), value)
            : throw WrongKind(key, value, "an object");
    }

    /// <summary>An object, or null where the key is missing or null.</summary>
    public JsonConfig? GetObjectOrNull(string key) => Has(key) ? GetObject(key) : null;

    /// <summary>An integer or a list of integers, such as <c>eos_token_id</c>; empty where the key is missing or null.</summary>
    public ImmutableArray<int> GetIntOrList(string key)
    {
        if (!Has(key))
            return [];
        JsonElement value = Required(key, "an integer or a list of them");
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => ToInt(key, v))] : [ToInt(key, value)];
    }

    /// <summary>A list of numbers, as F32.</summary>
    public ImmutableArray<float> GetFloats(string key)
    {
        const string expected = "a list of numbers that F32 can hold";
        JsonElement value = Required(key, expected);
        if (value.ValueKind != JsonValueKind.Array)
            throw WrongKind(key, value, expected);
        return [.. value.EnumerateArray().Select(v =>
            v.ValueKind == JsonValueKind.Number && float.IsFinite((float)v.GetDouble()) ? (float)v.GetDouble() : throw WrongKind(key, v, expected))];
    }

    /// <summary>A string or a list of strings; empty where the key is missing or null.</summary>
    public ImmutableArray<string> GetStringOrList(string key)
    {
        const string expected = "a string or a list of them";
        if (!Has(key))
            return [];
        JsonElement value = Required(key, expected);
        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(v => ToText(key, v, expected))] : [ToText(key, value, expected)];
    }

    /// <summary>An error about a key's value: <c>FILE: 'key' MESSAGE</c>.</summary>
    public InputException Fault(string key, string message) => new($"{Source}: {OneLine.Quote(FullKey(key))} {message}");

    private JsonElement Required(string key, string expected)
    {
        if (!_object.TryGetProperty(key, out JsonElement value))
            throw Fault(key, $"is missing, expected {expected}{NearestName.Hint(key, Keys)}");
        return value;
    }

    private int ToInt(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : throw WrongKind(key, value, "an integer of 32 bits");

    private double ToDouble(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble() : throw WrongKind(key, value, "a number");

    private string ToText(string key, JsonElement value, string expected) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw WrongKind(key, value, expected);

    private InputException WrongKind(string key, JsonElement value, string expected) =>
        Fault(key, $"is {Describe(value)}, expected {expected}");

    private string FullKey(string key) => _keyPath.Length == 0 ? key : _keyPath + "." + key;

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "the string " + OneLine.Quote(value.GetString()!),
        JsonValueKind.Number => "the number " + OneLine.Escape(value.GetRawText()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };
}
