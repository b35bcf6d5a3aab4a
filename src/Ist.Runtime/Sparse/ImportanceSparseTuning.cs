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
/// </summary>
public class ImportanceSparseTuning : ISelectionPolicy
{
    // With importances far apart, drawing a set anew may give the same one almost for ever. After so many draws every
    // layer is as likely as any other.
    private const int WeightedDraws = 1000;

    private readonly ulong _seed;
    private readonly int _candidates;
    private readonly double[] _importance;
    private readonly double[] _weights;
    private readonly float[] _scales;
    private readonly int[] _update;
    private readonly int[][] _sets;
    private readonly double[] _losses;
    private readonly double[] _rewards;
    private int _probedAt = -1;

    /// <summary>Begins with every layer alike.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="options">The method's constants.</param>
    /// <exception cref="InputException">An option does not fit the stack.</exception>
    public ImportanceSparseTuning(int layers, ulong seed, IstOptions options)
    {
        options.Check();
        DrawnLayers counts = DrawnLayers.Of(layers, options.ActiveLayers, DrawnLayers.Quarter(layers), options.Truncate);
        _seed = seed;
        Options = options;
        LowestLayer = counts.Lowest;
        _candidates = counts.Candidates;
        _importance = new double[layers];
        _weights = new double[layers];
        _scales = new float[layers];
        _update = new int[counts.Active];
        int suppressed = SuppressedOf(options, layers, _candidates);
        _sets = new int[DistinctSets(_candidates, suppressed, options.Candidates)][];
        for (int k = 0; k < _sets.Length; k++)
            _sets[k] = new int[suppressed];
        _losses = new double[_sets.Length];
        _rewards = new double[_sets.Length];
    }

    /// <summary>The method's constants.</summary>
    public IstOptions Options { get; }

    /// <summary>I: for each layer the logit of being safe to suppress.</summary>
    public ReadOnlySpan<double> Importance => _importance;

    /// <summary>The candidate sets of the last event, each in rising order.</summary>
    public IReadOnlyList<IReadOnlyList<int>> CandidateSets => _sets;

    /// <inheritdoc/>
    public virtual string Name => "ist";

    /// <inheritdoc/>
    public int ActiveLayers => Options.WarmupSteps > 0 ? _candidates : _update.Length;

    /// <inheritdoc/>
    public int LowestLayer { get; }

    /// <inheritdoc/>
    public int ActiveIn(int step) => step < Options.WarmupSteps ? _candidates : _update.Length;

    /// <inheritdoc/>
    public int ProbeRows => _sets.Length > 1 ? Options.ProbeRows : 0;

    /// <inheritdoc/>
    public bool NeedsProbe(int step) => ProbeRows > 0 && step > 0 && step >= Options.WarmupSteps && step % Options.Interval == 0;

    /// <inheritdoc/>
    public void Probe(int step, IProbe probe)
    {
        DrawCandidates(step);
        for (int k = 0; k < _sets.Length; k++)
        {
            Array.Fill(_scales, 1f);
            foreach (int layer in _sets[k])
                _scales[layer] = (float)Options.Suppression;
            _losses[k] = probe.Loss(_scales);
        }
        ImportanceUpdate.Apply(_importance, _weights, _sets, _losses, _rewards, Options.StepSize);
        _probedAt = step;
    }

    /// <inheritdoc/>
    public void Select(int step, LayerPlan plan)
    {
        if (step < Options.WarmupSteps)
        {
            plan.TrainFrom(LowestLayer);
            return;
        }
        // Layers with a weight of 0 come after all others: those below the lowest never.
        for (int i = 0; i < _weights.Length; i++)
            _weights[i] = i < LowestLayer ? 0 : WeightOf(_importance[i]);
        if (Options.Draw == LayerDrawKind.Top)
            LayerDraw.Largest(_weights, _update);
        else
            new LayerDraw(_seed, step, RandomUse.TrainedLayers).WithoutReplacement(_weights, _update);
        plan.TrainOnly(_update);
    }

    /// <summary>How likely a layer is trained, up to a factor.</summary>
    /// <param name="importance">I.</param>
    protected virtual double WeightOf(double importance) => ImportanceUpdate.Sigmoid(-importance);

    /// <summary>Adds <c>probe</c> to the row of a step that an event went before: the sets, their losses, and the importance after it.</summary>
    public void Report(int step, Utf8JsonWriter metrics)
    {
        if (step != _probedAt)
            return;
        metrics.WriteStartObject("probe");
        metrics.WriteStartArray("sets");
        foreach (int[] set in _sets)
        {
            metrics.WriteStartArray();
            foreach (int layer in set)
                metrics.WriteNumberValue(layer);
            metrics.WriteEndArray();
        }
        metrics.WriteEndArray();
        metrics.WriteNumbers("losses", _losses);
        metrics.WriteNumbers("importance", _importance);
        metrics.WriteEndObject();
    }

    /// <inheritdoc/>
    public void Save(IDictionary<string, object?> state)
    {
        foreach ((string key, object? value) in Constants())
            state[key] = value;
        state["importance"] = _importance;
        if (_probedAt < 0)
            return;
        state["last_probe"] = new Dictionary<string, object?>
        {
            ["step"] = _probedAt,
            ["sets"] = _sets,
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
        if (state.GetObjectOrNull("last_probe") is not { } last)
            return;
        _probedAt = last.GetInt("step");
        last.GetIndexLists("sets", _sets, _importance.Length);
        last.GetDoubles("losses", _losses);
        last.GetDoubles("rewards", _rewards);
    }

    private IEnumerable<(string Key, object? Value)> Constants() =>
    [
        ("candidates", Options.Candidates),
        ("draw", Options.Draw.ToString().ToLowerInvariant()),
        ("interval", Options.Interval),
        ("probe_rows", Options.ProbeRows),
        ("step_size", Options.StepSize),
        ("suppressed_layers", _sets[0].Length),
        ("suppression", Options.Suppression),
        ("truncate", Options.Truncate),
        ("warmup_steps", Options.WarmupSteps),
    ];

    private void DrawCandidates(int step)
    {
        for (int i = 0; i < _weights.Length; i++)
            _weights[i] = i < LowestLayer ? 0 : ImportanceUpdate.Sigmoid(_importance[i]);
        var draw = new LayerDraw(_seed, step, RandomUse.SuppressedLayers);
        int draws = 0;
        for (int k = 0; k < _sets.Length; k++)
        {
            do
            {
                if (++draws == WeightedDraws)
                    Array.Fill(_weights, 1, LowestLayer, _candidates);
                draw.WithoutReplacement(_weights, _sets[k]);
                _sets[k].AsSpan().Sort();
            }
            while (IsRepeated(k));
        }
    }

    private bool IsRepeated(int k)
    {
        for (int j = 0; j < k; j++)
        {
            if (_sets[j].AsSpan().SequenceEqual(_sets[k]))
                return true;
        }
        return false;
    }

    private static int SuppressedOf(IstOptions options, int layers, int candidates)
    {
        int suppressed = options.SuppressedLayers ?? candidates / 2;
        if (suppressed >= 0 && suppressed <= candidates)
            return suppressed;
        throw new InputException(options.Truncate is null
            ? $"suppressed-layers is {suppressed}, but the model has {layers} layers; give 0 to {layers}."
            : $"suppressed-layers is {suppressed}, but truncate leaves {candidates} layers to choose from; give 0 to {candidates}.");
    }

    /// <summary>The number of ways to choose a set, as far as so many are wanted.</summary>
    private static int DistinctSets(int layers, int chosen, int wanted)
    {
        double ways = 1;
        for (int i = 1; i <= chosen && ways < wanted; i++)
            ways = ways * (layers - chosen + i) / i;
        return (int)Math.Min(Math.Round(ways), wanted);
    }
}
