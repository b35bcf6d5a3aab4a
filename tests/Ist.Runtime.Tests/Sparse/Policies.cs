using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

/// <summary>Every policy, by a name for tests.</summary>
internal static class Policies
{
    public static IEnumerable<string> Names =>
        ["all", "ist", "ist-flipped", "ist-top", "ist-truncated", "ist-warmed", "ist-first-order", "random", "random-truncated", "lisa", "badam", "fixed", "gradient"];

    public static ISelectionPolicy Of(string name, int layers, ulong seed = 3) => name switch
    {
        "ist" => new ImportanceSparseTuning(layers, seed, new IstOptions()),
        "ist-flipped" => new FlippedSparseTuning(layers, seed, new IstOptions()),
        "ist-top" => new ImportanceSparseTuning(layers, seed, new IstOptions { Draw = LayerDrawKind.Top }),
        "ist-truncated" => new ImportanceSparseTuning(layers, seed, new IstOptions { Truncate = 3 }),
        "ist-warmed" => new ImportanceSparseTuning(layers, seed, new IstOptions { WarmupSteps = 7 }),
        "ist-first-order" => new ImportanceSparseTuning(layers, seed, new IstOptions { Probe = ProbeKind.FirstOrder }),
        "random" => new RandomSelection(layers, seed),
        "random-truncated" => new RandomSelection(layers, seed, truncate: 3),
        "lisa" => new LisaSelection(layers, seed, interval: 4),
        "badam" => new BlockSelection(layers, seed, interval: 3),
        "fixed" => new FixedLayers(layers, [1, layers - 1]),
        "gradient" => new GradientSelection(layers, seed, new GradientSelectionOptions()),
        _ => new AllLayers(layers),
    };

    /// <summary>The layers of a plan.</summary>
    public static int[] Trained(LayerPlan plan) => [.. Enumerable.Range(0, plan.Count).Where(plan.Trains)];
}
