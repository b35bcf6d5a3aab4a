using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Sparse;

/// <summary>
/// Importance-aware Sparse Tuning (arXiv 2410.11772). Each layer has a logit I of being safe to suppress, 0 at first.
/// <para>
/// Every <see cref="IstOptions.Interval"/> steps, but not at step 0, candidate sets are drawn with weights sigmoid(I), and the
/// model is probed with the adapters of each set suppressed; <see cref="ImportanceUpdate"/> turns the losses into a
/// change of I. Each step trains layers drawn with weights sigmoid(-I).
/// </para>
/// <para>
/// The candidate sets of an event are distinct. A stack of one layer has a single set (the empty one) and one of two layers
/// has two: an event then compares as many sets as there are, and with a single one there is none to compare, so the model
/// is never probed and I stays 0.
/// </para>
/// <para>
/// With <see cref="ProbeKind.FirstOrder"/>, which is not in the paper, an event takes the losses of its sets from <see cref="FirstOrderProbe"/>;
/// everything else is as it was.
/// </para>
/// </summary>
public class ImportanceSparseTuning : ISelectionPolicy
{
    private readonly ulong _seed;
    private readonly DrawnLayers _drawn;
    private readonly double[] _importance;
    private readonly double[] _weights;
    private readonly float[][] _scales;
    private readonly int[] _update;
    private readonly SuppressedSets _suppressed;
    private readonly double[] _losses;
    private readonly double[] _rewards;
    private readonly FirstOrderProbe? _firstOrder;
    private int _probedAt = -1;

    /// <summary>Begins with every layer alike.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="options">The method's constants.</param>
    /// <exception cref="InputException">An option does not fit the stack.</exception>
    public ImportanceSparseTuning(int layers, ulong seed, IstOptions options)
    {
        options.Check();
        _drawn = DrawnLayers.Of(layers, options.ActiveLayers, DrawnLayers.Quarter(layers), options.Truncate);
        _seed = seed;
        Options = options;
        _importance = new double[layers];
        _weights = new double[layers];
        _update = new int[_drawn.Active];
        _suppressed = new SuppressedSets(seed, _drawn, SuppressedOf(options, layers, _drawn.Available), options.Candidates);
        _losses = new double[_suppressed.All.Length];
        _rewards = new double[_losses.Length];
        _scales = [.. _losses.Select(_ => new float[layers])];
        _firstOrder = options.Probe == ProbeKind.FirstOrder ? new FirstOrderProbe(layers) : null;
    }

    /// <summary>The method's constants.</summary>
    public IstOptions Options { get; }

    /// <summary>I: for each layer the logit of being safe to suppress.</summary>
    public ReadOnlySpan<double> Importance => _importance;

    /// <summary>The candidate sets of the last event, each in rising order.</summary>
    public IReadOnlyList<IReadOnlyList<int>> CandidateSets => _suppressed.All;

    /// <inheritdoc/>
    public virtual string Name => "ist";

    /// <inheritdoc/>
    public int ActiveLayers => Options.WarmupSteps > 0 ? _drawn.Available : _update.Length;

    /// <inheritdoc/>
    public int LowestLayer => _drawn.Lowest;

    /// <inheritdoc/>
    public int ActiveIn(int step) => step < Options.WarmupSteps ? _drawn.Available : _update.Length;

    /// <inheritdoc/>
    public int ProbeRows => _losses.Length > 1 && _firstOrder is null ? Options.ProbeRows : 0;

    /// <inheritdoc/>
    public bool NeedsProbe(int step) => ProbeRows > 0 && IsEvent(step);

    /// <inheritdoc/>
    public bool ObservesScales => _losses.Length > 1 && _firstOrder is not null;

    /// <inheritdoc/>
    public void ObserveScales(LayerPlan plan, double loss, ReadOnlySpan<double> gradients) => _firstOrder!.Observe(plan, loss, gradients);

    /// <inheritdoc/>
    public void Probe(int step, IProbe probe)
    {
        for (int l = 0; l < _weights.Length; l++)
            _weights[l] = l < LowestLayer ? 0 : ImportanceUpdate.Sigmoid(_importance[l]);
        _suppressed.Draw(step, _weights);
        for (int k = 0; k < _scales.Length; k++)
        {
            Array.Fill(_scales[k], 1f);
            foreach (int layer in _suppressed.All[k])
                _scales[k][layer] = (float)Options.Suppression;
        }
        probe.Measure(_scales, _losses);
        ImportanceUpdate.Apply(_importance, _weights, _suppressed.All, _losses, _rewards, Options.StepSize);
        _probedAt = step;
    }

    /// <inheritdoc/>
    public void Select(int step, LayerPlan plan)
    {
        if (ObservesScales && IsEvent(step))
            Probe(step, _firstOrder!);
        if (step < Options.WarmupSteps)
        {
            plan.TrainFrom(LowestLayer);
            return;
        }
        // Layers with a weight of 0 come after all others: those below the lowest never.
        for (int l = 0; l < _weights.Length; l++)
            _weights[l] = l < LowestLayer ? 0 : WeightOf(_importance[l]);
        if (Options.Draw == LayerDrawKind.Top)
            LayerDraw.Largest(_weights, _update);
        else
            new LayerDraw(_seed, step, RandomUse.TrainedLayers).WithoutReplacement(_weights, _update);
        plan.TrainOnly(_update);
    }

    /// <summary>How likely a layer is trained, up to a factor.</summary>
    /// <param name="importance">I.</param>
    protected virtual double WeightOf(double importance) => ImportanceUpdate.Sigmoid(-importance);

    /// <inheritdoc/>
    public ProbeEvent? ProbeBefore(int step) =>
        step == _probedAt ? new ProbeEvent(step + 1, [.. _importance], [.. _suppressed.All.Select(set => (int[])[.. set])], [.. _losses], [.. _rewards]) : null;

    /// <summary>
    /// Adds <c>probe</c> to the row of a step that an event went before: the sets, their losses, and the importance after it. A step's own
    /// gradients by the scales come into the means of <c>scale_gradients</c> behind it.
    /// </summary>
    public void Report(int step, Utf8JsonWriter metrics)
    {
        if (step != _probedAt)
            return;
        metrics.WriteStartObject("probe");
        _suppressed.Write(metrics);
        metrics.WriteNumbers("losses", _losses);
        if (_firstOrder is not null)
            metrics.WriteNumbers("scale_gradients", _firstOrder.Gradients);
        metrics.WriteNumbers("importance", _importance);
        metrics.WriteEndObject();
    }

    /// <inheritdoc/>
    public void Save(IDictionary<string, object?> state)
    {
        foreach ((string key, object? value) in Constants())
            state[key] = value;
        state["importance"] = _importance;
        if (_firstOrder is not null)
        {
            var means = new Dictionary<string, object?>();
            _firstOrder.Save(means);
            state["first_order"] = means;
        }
        if (_probedAt < 0)
            return;
        state["last_probe"] = new Dictionary<string, object?>
        {
            ["step"] = _probedAt,
            ["sets"] = _suppressed.All,
            ["losses"] = _losses,
            ["rewards"] = _rewards,
        };
    }

    /// <inheritdoc/>
    public void Restore(JsonConfig state)
    {
        foreach ((string key, object? value) in Constants())
            state.RequireSame(key, value);
        state.GetDoubles("importance", _importance);
        _firstOrder?.Restore(state.GetObject("first_order"));
        if (state.GetObjectOrNull("last_probe") is not { } last)
            return;
        _probedAt = last.GetInt("step");
        last.GetIndexLists("sets", _suppressed.All, _importance.Length);
        last.GetDoubles("losses", _losses);
        last.GetDoubles("rewards", _rewards);
    }

    private bool IsEvent(int step) => step > 0 && step >= Options.WarmupSteps && step % Options.Interval == 0;

    private IEnumerable<(string Key, object? Value)> Constants() =>
    [
        ("candidates", Options.Candidates),
        ("draw", Options.Draw.ToString().ToLowerInvariant()),
        ("interval", Options.Interval),
        ("probe", _firstOrder is null ? "forward" : "first-order"),
        ("probe_rows", Options.ProbeRows),
        ("step_size", Options.StepSize),
        ("suppressed_layers", _suppressed.All[0].Length),
        ("suppression", Options.Suppression),
        ("truncate", Options.Truncate),
        ("warmup_steps", Options.WarmupSteps),
    ];

    private static int SuppressedOf(IstOptions options, int layers, int available)
    {
        int suppressed = options.SuppressedLayers ?? available / 2;
        if (suppressed >= 0 && suppressed <= available)
            return suppressed;
        throw new InputException(options.Truncate is null
            ? $"suppressed-layers is {suppressed}, but the model has {layers} layers; give 0 to {layers}."
            : $"suppressed-layers is {suppressed}, but truncate leaves {available} layers to choose from; give 0 to {available}.");
    }
}
