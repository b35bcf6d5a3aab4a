using Ist.Cli.Settings;
using Ist.Runtime;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Sparse;

namespace Ist.Cli.Finetuning;

/// <summary>The settings that say which layers a step trains.</summary>
internal static class SelectionSettings
{
    private static readonly (string Word, Sparsity Value)[] _policies =
    [
        ("ist", Sparsity.Ist), ("ist-flipped", Sparsity.IstFlipped), ("random", Sparsity.Random), ("lisa", Sparsity.Lisa), ("badam", Sparsity.Badam),
        ("fixed", Sparsity.Fixed), ("gradient", Sparsity.Gradient), ("all", Sparsity.All),
    ];

    private static readonly Setting<Sparsity> _sparse = new("sparse", "NAME", SettingKind.Choice(_policies),
        "Layers that a step trains: ist (Importance-aware Sparse Tuning), ist-flipped (its control, the layers that ist would leave out), random, "
        + "lisa (random, held for some steps), badam (one after another), fixed (those of --layers), gradient (by their gradients) or all (default all)");
    private static readonly Setting<int> _activeLayers = new("active-layers", "N", SettingKind.Integer(1),
        "How many layers ist, random and gradient (default a quarter) or lisa (default 2) train in a step");
    private static readonly Setting<int> _truncate = new("truncate", "N", SettingKind.Integer(1),
        "Let ist or random train only the highest N layers, so that the backward pass ends there and nothing below is kept for it; not in the paper (default: all layers)");
    private static readonly Setting<int> _interval = new("interval", "N", SettingKind.Integer(1),
        "Steps between probes of ist (default 10), between draws of lisa (default 20), or that badam trains a layer for (default 100)");
    private static readonly Setting<IReadOnlyList<int>> _layers = new("layers", "LIST", SettingKind.Integers("layers such as 0,3,11"), "The layers of fixed, counted from 0");
    private static readonly Setting<BlockOrder> _blockOrder = new("block-order", "NAME",
        SettingKind.Choice(("random", BlockOrder.Random), ("ascending", BlockOrder.Ascending), ("descending", BlockOrder.Descending)),
        "In which order badam comes to the layers: random (anew in each pass), ascending or descending (default random)");
    private static readonly Setting<int> _candidates = new("candidates", "N", SettingKind.Integer(1), "Sets of layers that a probe of ist compares (default 3)");
    private static readonly Setting<int> _suppressedLayers = new("suppressed-layers", "N", SettingKind.Integer(0), "Layers that such a set suppresses (default half of those that can be trained)");
    private static readonly Setting<double> _suppression = new("suppression", "F",
        SettingKind.Number("a number", _ => true), "What the adapters' output of a suppressed layer is multiplied by (default 0.25)");
    private static readonly Setting<double> _stepSize = new("step-size", "F", SettingKind.Number("a number", _ => true), "The step size of ist's importance (default 10)");
    private static readonly Setting<ProbeKind> _probe = new("probe", "NAME",
        SettingKind.Choice(("forward", ProbeKind.Forward), ("first-order", ProbeKind.FirstOrder)),
        "Where ist has the losses of such sets from: forward (passes over a batch of its own) or first-order (the gradients of the training steps, without a pass; not in the paper) (default forward)");
    private static readonly Setting<int> _probeRows = new("probe-rows", "N", SettingKind.Integer(1), "Training rows of a probe of ist (default 16)");
    private static readonly Setting<LayerDrawKind> _draw = new("draw", "NAME",
        SettingKind.Choice(("sample", LayerDrawKind.Sample), ("top", LayerDrawKind.Top)), "How ist chooses by importance: sample, or top for the most important layers always (default sample)");
    private static readonly Setting<int> _warmupSteps = new("sparse-warmup-steps", "N", SettingKind.Integer(0),
        "Steps in which every layer is trained before ist begins to choose; the run then takes the memory for all (default 0)");
    private static readonly Setting<double> _gradientDecay = new("gradient-decay", "F",
        SettingKind.Number("a number, 0 or more and less than 1", f => f is >= 0 and < 1), "What gradient keeps of a layer's mean when it sees its gradient again (default 0.9)");
    private static readonly Setting<double> _exploration = new("exploration", "F",
        SettingKind.Number("a number, more than 0 and at most 1", f => f is > 0 and <= 1), "The share of gradient's draw that all layers have alike (default 0.1)");
    private static readonly Setting<InactiveMoments> _state = new("state", "NAME",
        SettingKind.Choice(("keep", InactiveMoments.Keep), ("clear", InactiveMoments.Clear), ("free", InactiveMoments.Free)),
        "AdamW's moments of layers that a step leaves out: keep, clear (they begin anew) or free (they begin anew, and leave memory meanwhile) (default keep, of badam free)");

    // What they train are the model's own tensors, which no scale multiplies.
    private static readonly Method[] _withoutScale = [Method.Ln, Method.BitFit, Method.Full];

    /// <summary>How the layers are chosen.</summary>
    public static Setting<Sparsity> Sparse => _sparse;

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        _sparse, _activeLayers, _truncate, _interval, _layers, _blockOrder, _candidates, _suppressedLayers, _suppression, _stepSize, _probe, _probeRows,
        _draw, _warmupSteps, _gradientDecay, _exploration, _state,
    ];

    /// <summary>Puts them together.</summary>
    /// <param name="reader">What was given.</param>
    /// <param name="method">The method that is trained.</param>
    /// <param name="fallback">The policy where none was given.</param>
    /// <exception cref="InputException">Settings are at odds.</exception>
    public static Selection Read(SettingReader reader, Method method, Sparsity fallback)
    {
        Sparsity sparse = reader.Get(_sparse, fallback);
        if (sparse != Sparsity.All && method == Method.Prompt)
            throw new InputException($"{reader.Find(_sparse)!.Origin} is {NameOf(sparse)}, which chooses layers to train, but prompt tuning trains nothing in them; leave it out, or give --method prefix.");
        Sparsity[] drawing = [Sparsity.Ist, Sparsity.IstFlipped, Sparsity.Random, Sparsity.Lisa, Sparsity.Gradient], ist = [Sparsity.Ist, Sparsity.IstFlipped];
        RequirePolicy(reader, sparse, [_activeLayers], drawing);
        RequirePolicy(reader, sparse, [_truncate], [.. ist, Sparsity.Random]);
        RequirePolicy(reader, sparse, [_interval], [.. ist, Sparsity.Lisa, Sparsity.Badam]);
        RequirePolicy(reader, sparse, [_candidates, _suppressedLayers, _suppression, _stepSize, _probe, _probeRows, _draw, _warmupSteps], ist);
        RequirePolicy(reader, sparse, [_layers], [Sparsity.Fixed]);
        RequirePolicy(reader, sparse, [_blockOrder], [Sparsity.Badam]);
        RequirePolicy(reader, sparse, [_gradientDecay, _exploration], [Sparsity.Gradient]);
        RequirePolicy(reader, sparse, [_state], [.. drawing, Sparsity.Badam, Sparsity.Fixed]);
        if (reader.Get(_probe, ProbeKind.Forward) == ProbeKind.FirstOrder)
        {
            reader.RequireUnused(_probeRows, _probe, $"belongs to --{_probe.Name} forward, but it is first-order, which has no probe batch; leave it out.");
            if (_withoutScale.Contains(method))
                throw new InputException($"{reader.Find(_probe)!.Origin} is first-order, which reads the gradient by the scale of a layer's adapters, but --method {method.ToString().ToLowerInvariant()} has none; give --{_probe.Name} forward.");
        }
        if (sparse == Sparsity.Fixed && reader.Find(_layers) is null)
            throw new InputException($"{reader.Find(_sparse)!.Origin} is fixed; say which layers with --layers, such as --layers 0,3,11.");
        IstOptions constants = new();
        GradientSelectionOptions gradient = new();
        return new Selection
        {
            Sparse = sparse,
            ActiveLayers = reader.GetOrNull(_activeLayers),
            Truncate = reader.GetOrNull(_truncate),
            Interval = reader.GetOrNull(_interval),
            Layers = reader.Find(_layers) is { } layers ? _layers.Read(layers) : null,
            BlockOrder = reader.Get(_blockOrder, BlockOrder.Random),
            Ist = constants with
            {
                Candidates = reader.Get(_candidates, constants.Candidates),
                SuppressedLayers = reader.GetOrNull(_suppressedLayers),
                Suppression = reader.Get(_suppression, constants.Suppression),
                StepSize = reader.Get(_stepSize, constants.StepSize),
                Probe = reader.Get(_probe, constants.Probe),
                ProbeRows = reader.Get(_probeRows, constants.ProbeRows),
                Draw = reader.Get(_draw, constants.Draw),
                WarmupSteps = reader.Get(_warmupSteps, constants.WarmupSteps),
            },
            Gradient = gradient with
            {
                Decay = reader.Get(_gradientDecay, gradient.Decay),
                Exploration = reader.Get(_exploration, gradient.Exploration),
            },
            State = reader.GetOrNull(_state),
        };
    }

    private static string NameOf(Sparsity sparse) => _policies.First(policy => policy.Value == sparse).Word;

    private static void RequirePolicy(SettingReader reader, Sparsity sparse, Setting[] settings, Sparsity[] policies)
    {
        if (policies.Contains(sparse))
            return;
        string[] names = [.. policies.Select(NameOf)];
        string listed = names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
        foreach (Setting setting in settings)
            reader.RequireUnused(setting, _sparse, $"belongs to --sparse {listed}, but it is {NameOf(sparse)}; leave it out.");
    }
}
