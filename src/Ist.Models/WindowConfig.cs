using System.Collections.Immutable;
using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Models;

/// <summary>Reads the attention window of each layer: <c>sliding_window</c>, and what says which layers have it.</summary>
internal static class WindowConfig
{
    private const int DefaultWindow = 4096;
    private const string Full = "full_attention", Sliding = "sliding_attention";

    /// <summary>The same window in all layers, or none where <c>sliding_window</c> is null (Mistral).</summary>
    public static ImmutableArray<int?> Everywhere(JsonConfig config, int layers) =>
        Window(config) is { } window ? [.. Enumerable.Repeat<int?>(window, layers)] : [];

    /// <summary>The same window in all layers, or none where <c>sliding_window</c> is null or missing (Phi-3, Mixtral).</summary>
    public static ImmutableArray<int?> EverywhereIfGiven(JsonConfig config, int layers) =>
        config.Has("sliding_window") ? Everywhere(config, layers) : [];

    /// <summary>
    /// A window, if <c>use_sliding_window</c>, in the layers that <c>layer_types</c> names, or without it in those from
    /// <c>max_window_layers</c> on (Qwen2, Qwen3).
    /// </summary>
    public static ImmutableArray<int?> ByLayer(JsonConfig config, int layers)
    {
        int? window = config.GetBool("use_sliding_window", false) ? Window(config) : null;
        if (config.Has("layer_types"))
            return ByType(config, layers, window, "set use_sliding_window to true and give sliding_window");
        int full = config.GetInt("max_window_layers", 28);
        return window is null ? [] : [.. Enumerable.Range(0, layers).Select(layer => layer >= full ? window : null)];
    }

    /// <summary>A window in the layers that <c>layer_types</c> names, or without it in the first and every second one (Gemma 2).</summary>
    public static ImmutableArray<int?> EverySecond(JsonConfig config, int layers)
    {
        if (config.Has("layer_types"))
            return ByType(config, layers, Window(config), "give sliding_window");
        int window = Window(config) ?? throw config.Fault("sliding_window", "is null, but every second layer has a window; give its size, or name the layers in layer_types");
        return [.. Enumerable.Range(0, layers).Select(layer => layer % 2 == 0 ? window : (int?)null)];
    }

    private static ImmutableArray<int?> ByType(JsonConfig config, int layers, int? window, string remedy)
    {
        ImmutableArray<string> types = config.GetStringOrList("layer_types");
        if (types.Length != layers)
            throw config.Fault("layer_types", $"has {types.Length} elements, expected one for each of the {layers} layers (num_hidden_layers)");
        return [.. types.Select(type => type switch
        {
            Full => (int?)null,
            Sliding => window ?? throw config.Fault("layer_types", $"has '{Sliding}', but there is no window; {remedy}"),
            _ => throw config.Fault("layer_types", $"has '{type}', expected '{Full}' or '{Sliding}'; other kinds of layer are not supported"),
        })];
    }

    // A null switches the window off; a key that is missing means the default.
    private static int? Window(JsonConfig config) =>
        config.Kind("sliding_window") == JsonValueKind.Null ? null : config.GetPositive("sliding_window", DefaultWindow);
}
