using System.Text.Json;

namespace Ist.Runtime.Checkpoints;

public sealed partial class JsonConfig
{
    /// <summary>The objects of a list, in order.</summary>
    public IReadOnlyList<JsonConfig> GetObjects(string key) =>
        [.. List(key).Select((value, i) => value.ValueKind == JsonValueKind.Object
            ? new JsonConfig(Source, $"{FullKey(key)}[{i}]", value)
            : throw WrongKind(key, value, "a list of objects"))];

    /// <summary>A list of exactly as many numbers as the destination holds.</summary>
    public void GetDoubles(string key, Span<double> destination)
    {
        List<JsonElement> list = List(key, destination.Length);
        for (int i = 0; i < list.Count; i++)
            destination[i] = ToDouble(key, list[i]);
    }

    /// <summary>A list of numbers.</summary>
    public IReadOnlyList<double> GetDoubles(string key) => [.. List(key).Select(value => ToDouble(key, value))];

    /// <summary>A list of exactly as many integers, none negative, as the destination holds.</summary>
    public void GetCounts(string key, Span<long> destination)
    {
        List<JsonElement> list = List(key, destination.Length);
        for (int i = 0; i < list.Count; i++)
            destination[i] = list[i].ValueKind == JsonValueKind.Number && list[i].TryGetInt64(out long count) && count >= 0
                ? count
                : throw WrongKind(key, list[i], "a list of integers, none negative");
    }

    /// <summary>A list of lists of integers from 0 up to a limit, with exactly the lengths of the destination's.</summary>
    public void GetIndexLists(string key, int[][] destination, int limit)
    {
        List<JsonElement> lists = List(key, destination.Length);
        for (int k = 0; k < lists.Count; k++)
        {
            if (lists[k].ValueKind != JsonValueKind.Array || lists[k].GetArrayLength() != destination[k].Length)
                throw WrongKind(key, lists[k], $"lists of {destination[k].Length} integers");
            int i = 0;
            foreach (JsonElement value in lists[k].EnumerateArray())
            {
                int index = ToInt(key, value);
                destination[k][i++] = index >= 0 && index < limit ? index : throw Fault(key, $"holds {index}, expected 0 to {limit - 1}");
            }
        }
    }

    /// <summary>Refuses a value other than the one that this run has.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">What this run has: a bool, integer, double, string or null.</param>
    /// <exception cref="InputException">The file has another; the message says both.</exception>
    public void RequireSame(string key, object? value)
    {
        string ours = PythonJson.Dumps(value);
        string theirs = _object.TryGetProperty(key, out JsonElement stored) ? stored.GetRawText() : "missing";
        if (ours != theirs)
            throw Fault(key, $"is {OneLine.Escape(theirs)}, but this run has {OneLine.Escape(ours)}; resume with the options that the run began with, or give another output folder");
    }

    private List<JsonElement> List(string key, int? count = null)
    {
        JsonElement value = Required(key, "a list");
        if (value.ValueKind != JsonValueKind.Array)
            throw WrongKind(key, value, "a list");
        if (count is { } expected && value.GetArrayLength() != expected)
            throw Fault(key, $"has {value.GetArrayLength()} elements, expected {expected}");
        return [.. value.EnumerateArray()];
    }
}
