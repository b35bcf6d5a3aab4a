using System.Text.Json;

namespace Ist.Runtime.Checkpoints;

public sealed partial class JsonConfig
{
    /// <summary>The elements of a list of any kind, in order.</summary>
    internal IReadOnlyList<JsonElement> GetElements(string key) => List(key);

    /// <summary>The ids of a vocabulary such as <c>{"the": 5}</c>; one pass, as it may have hundreds of thousands.</summary>
    internal Dictionary<string, int> GetIds(string key) => GetObject(key).GetIds();

    /// <summary>This object as a vocabulary: each key's integer.</summary>
    internal Dictionary<string, int> GetIds()
    {
        var ids = new Dictionary<string, int>();
        foreach (JsonProperty property in _object.EnumerateObject())
            ids.Add(property.Name, ToInt(property.Name, property.Value));
        return ids;
    }
}
