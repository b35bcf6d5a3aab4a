using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Sparse;

/// <summary>
/// Layers drawn by their mean gradient norm, after GRASS (arXiv 2604.07808): G_l is a moving mean of ||g_l|| / sqrt(n_l), taken over the
/// steps that trained layer l, and each step trains layers drawn without replacement with weights (1 - e) G_l / sum(G) + e / L.
/// <para>
/// A layer's gradient is known only where it is trained, so layers that were not seen yet go before all others, drawn uniformly: all are
/// seen within ceil(L / active) steps. Afterwards e, the exploration, lets a layer whose gradients were small be looked at again.
/// GRASS offloads the moments of layers that are not trained; here the run's options say what becomes of them.
/// </para>
/// </summary>
public sealed class GradientSelection : ISelectionPolicy
{
    private readonly ulong _seed;
    private readonly GradientSelectionOptions _options;
    private readonly double[] _means;
    private readonly double[] _weights;
    private readonly long[] _seen;
    private readonly int[] _drawn;

    /// <summary>Begins with no layer seen.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="options">The method's constants.</param>
    /// <exception cref="InputException">An option does not fit the stack.</exception>
    public GradientSelection(int layers, ulong seed, GradientSelectionOptions options)
    {
        options.Check();
        _seed = seed;
        _options = options;
        _means = new double[layers];
        _weights = new double[layers];
        _seen = new long[layers];
        _drawn = new int[DrawnLayers.Of(layers, options.ActiveLayers, DrawnLayers.Quarter(layers)).Active];
    }

    /// <summary>G: for each layer the moving mean of its gradient's norm, 0 where it was not seen yet.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <inheritdoc/>
    public string Name => "gradient";

    /// <inheritdoc/>
    public int ActiveLayers => _drawn.Length;

    /// <inheritdoc/>
    public bool ObservesGradients => true;

    /// <inheritdoc/>
    public void Select(int step, LayerPlan plan)
    {
        var draw = new LayerDraw(_seed, step, RandomUse.TrainedLayers);
        int unseen = 0;
        for (int l = 0; l < _seen.Length; l++)
        {
            _weights[l] = _seen[l] == 0 ? 1 : 0;
            unseen += _seen[l] == 0 ? 1 : 0;
        }
        int first = Math.Min(unseen, _drawn.Length);
        draw.WithoutReplacement(_weights, _drawn.AsSpan(0, first));
        if (first < _drawn.Length)
        {
            WeighByGradients();
            draw.WithoutReplacement(_weights, _drawn, first);
        }
        plan.TrainOnly(_drawn);
    }

    /// <inheritdoc/>
    public void Observe(LayerPlan plan, ReadOnlySpan<double> norms)
    {
        for (int l = 0; l < _means.Length; l++)
        {
            if (plan.Trains(l))
                _means[l] = _seen[l]++ == 0 ? norms[l] : _options.Decay * _means[l] + (1 - _options.Decay) * norms[l];
        }
    }

    /// <inheritdoc/>
    public void Report(int step, Utf8JsonWriter metrics) => metrics.WriteNumbers("gradient_norms", _means);

    /// <inheritdoc/>
    public void Save(IDictionary<string, object?> state)
    {
        state["gradient_decay"] = _options.Decay;
        state["exploration"] = _options.Exploration;
        state["gradient_norms"] = _means;
        state["seen"] = _seen;
    }

    /// <inheritdoc/>
    public void Restore(JsonConfig state)
    {
        state.RequireSame("gradient_decay", _options.Decay);
        state.RequireSame("exploration", _options.Exploration);
        state.GetDoubles("gradient_norms", _means);
        state.GetCounts("seen", _seen);
    }

    private void WeighByGradients()
    {
        double total = 0;
        foreach (double mean in _means)
            total += mean;
        for (int l = 0; l < _weights.Length; l++)
            _weights[l] = (total > 0 ? (1 - _options.Exploration) * _means[l] / total : 0) + _options.Exploration / _weights.Length;
    }
}
