using System.Collections.Immutable;
using System.Text.Json;
using Ist.Runtime.Layers;

namespace Ist.Runtime.Checkpoints;

/// <summary>What all methods read alike from an <c>adapter_config.json</c>.</summary>
internal static class AdapterConfigFields
{
    /// <summary>Refuses another method's configuration.</summary>
    /// <exception cref="InputException">It is one.</exception>
    public static void RequireType(JsonConfig json, string type)
    {
        string found = json.GetString("peft_type");
        if (found != type)
            throw json.Fault("peft_type", $"is {OneLine.Quote(found)}, only {type} is supported here");
    }

    /// <summary>Refuses fields that change what is computed unless they are off: false, null, or an empty list or object.</summary>
    /// <exception cref="InputException">One is on.</exception>
    public static void RequireOff(JsonConfig json, IEnumerable<string> keys)
    {
        foreach (string key in keys)
        {
            bool off = json.Kind(key) switch
            {
                JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => true,
                JsonValueKind.Array => json.IsEmptyList(key),
                JsonValueKind.Object => !json.GetObject(key).Keys.Any(),
                _ => false,
            };
            if (!off)
                throw json.Fault(key, "is set, which changes what the adapter computes and isn't supported; use an adapter trained without it");
        }
    }

    /// <summary><c>target_modules</c>.</summary>
    /// <exception cref="InputException">It is missing, empty or no valid pattern.</exception>
    public static ModuleSelector Targets(JsonConfig json)
    {
        if (!json.Has("target_modules"))
            throw json.Fault("target_modules", "is missing or null; name the modules that have adapters, such as [\"q_proj\", \"v_proj\"]");
        if (json.Kind("target_modules") == JsonValueKind.String
            && json.GetString("target_modules").Equals("all-linear", StringComparison.OrdinalIgnoreCase))
            return ModuleSelector.AllLinear;
        ModuleSelector targets = Selector(json, "target_modules");
        return targets.Pattern is null && targets.Names.IsEmpty ? throw json.Fault("target_modules", "is empty; name at least one module") : targets;
    }

    /// <summary><c>exclude_modules</c>, or null.</summary>
    /// <exception cref="InputException">It is no valid pattern.</exception>
    public static ModuleSelector? Excluded(JsonConfig json) => json.Has("exclude_modules") ? Selector(json, "exclude_modules") : null;

    /// <summary>Refuses a choice of layers that names no modules in them.</summary>
    /// <exception cref="InputException"><c>target_modules</c> is no list, or <c>layers_pattern</c> stands alone.</exception>
    public static void CheckLayers(JsonConfig json, ModuleSelector targets, ImmutableArray<int> layersToTransform, ImmutableArray<string> layersPattern)
    {
        bool named = targets.Pattern is null && targets != ModuleSelector.AllLinear;
        if (!named && (!layersToTransform.IsEmpty || !layersPattern.IsEmpty))
            throw json.Fault("layers_to_transform", "and layers_pattern need a list in target_modules, which is a string here");
        if (!layersPattern.IsEmpty && layersToTransform.IsEmpty)
            throw json.Fault("layers_pattern", "is set, but layers_to_transform isn't; set both");
    }

    /// <summary><c>layers_pattern</c>; empty for any.</summary>
    /// <exception cref="InputException">It is neither a name nor a list of names.</exception>
    public static ImmutableArray<string> LayersPattern(JsonConfig json) => [.. json.GetStringOrList("layers_pattern").Where(p => p.Length > 0)];

    /// <summary>A rank.</summary>
    /// <exception cref="InputException">It is less than 1.</exception>
    public static int Rank(JsonConfig json, string key, int value) =>
        value > 0 ? value : throw json.Fault(key, $"is {value}, expected a rank of 1 or more");

    /// <summary>A probability, 0 where the key is missing.</summary>
    /// <exception cref="InputException">It is less than 0, or 1 or more.</exception>
    public static double Probability(JsonConfig json, string key)
    {
        double value = json.GetDouble(key, 0);
        return value is >= 0 and < 1 ? value : throw json.Fault(key, FormattableString.Invariant($"is {value}, expected a probability of 0 or more and less than 1"));
    }

    /// <summary>The name of an activation function.</summary>
    /// <exception cref="InputException">It is none that Ist has.</exception>
    public static string Function(JsonConfig json, string key, string fallback)
    {
        string name = json.GetString(key, fallback).ToLowerInvariant();
        return ActivationFunctions.TryGet(name, out _)
            ? name
            : throw json.Fault(key, $"is {OneLine.Quote(name)}, expected one of {string.Join(", ", ActivationFunctions.Names)}");
    }

    /// <summary>A factor, 1 where the key is missing; null for <c>learned</c>.</summary>
    /// <exception cref="InputException">It is another text.</exception>
    public static double? NumberOrLearned(JsonConfig json, string key)
    {
        if (json.Kind(key) != JsonValueKind.String)
            return json.GetDouble(key, 1);
        string text = json.GetString(key);
        return text == "learned" ? null : throw json.Fault(key, $"is {OneLine.Quote(text)}, expected a number or 'learned'");
    }

    /// <summary>A list of names or a pattern.</summary>
    /// <exception cref="InputException">It is no valid pattern.</exception>
    public static ModuleSelector Selector(JsonConfig json, string key) => json.Kind(key) == JsonValueKind.String
        ? ModuleSelector.OfPattern(json.GetString(key), $"{json.Source}: '{key}'")
        : ModuleSelector.OfNames(json.GetStringOrList(key));

    /// <summary>A line for each field that is not among the known ones.</summary>
    public static IReadOnlyList<string> Unknown(JsonConfig json, params IEnumerable<string>[] known) => [.. json.Keys
        .Where(key => !known.Any(keys => keys.Contains(key)))
        .Select(key => $"{json.Source}: the field {OneLine.Quote(key)} is unknown and ignored")];
}
