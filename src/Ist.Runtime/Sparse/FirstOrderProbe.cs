using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Sparse;

/// <summary>
/// Losses of adapter scales to first order, L(f) = L + sum of (f_l - 1) dL/df_l over the layers, without a forward pass. L is a moving mean of
/// the loss of the training steps and dL/df_l one of the gradient by the scale of layer l over the steps that trained it: a backward pass
/// gives that gradient for layers that it trains alone, so for others the mean stands still. A layer that no step has trained yet has 0.
/// <para>
/// The losses are those of training batches, with dropout, where a probe batch has rows of its own and no dropout.
/// </para>
/// </summary>
internal sealed class FirstOrderProbe(int layers) : IProbe
{
    /// <summary>What a moving mean keeps when it sees another value; the first it takes whole.</summary>
    public const double Decay = 0.9;

    private readonly double[] _gradients = new double[layers];
    private readonly long[] _seen = new long[layers];
    private double _loss;
    private int _steps;

    /// <summary>For each layer the moving mean of dL/df.</summary>
    public double[] Gradients => _gradients;

    /// <summary>Takes a step into the means.</summary>
    /// <param name="plan">The step's layers.</param>
    /// <param name="loss">L, nats per trained token.</param>
    /// <param name="gradients">For each layer of the plan dL/df.</param>
    public void Observe(LayerPlan plan, double loss, ReadOnlySpan<double> gradients)
    {
        _loss = Mean(_steps++, _loss, loss);
        for (int l = 0; l < _gradients.Length; l++)
        {
            if (plan.Trains(l))
                _gradients[l] = Mean(_seen[l]++, _gradients[l], gradients[l]);
        }
    }

    /// <inheritdoc/>
    public void Measure(float[][] adapterScales, Span<double> losses)
    {
        for (int k = 0; k < losses.Length; k++)
            losses[k] = Loss(adapterScales[k]);
    }

    /// <summary>L(f).</summary>
    public double Loss(float[] adapterScales)
    {
        double loss = _loss;
        for (int l = 0; l < _gradients.Length; l++)
            loss += ((double)adapterScales[l] - 1) * _gradients[l];
        return loss;
    }

    /// <summary>Adds what a resumed run needs.</summary>
    public void Save(IDictionary<string, object?> state)
    {
        state["loss"] = _loss;
        state["steps"] = _steps;
        state["scale_gradients"] = _gradients;
        state["seen"] = _seen;
    }

    /// <summary>Goes on from what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InputException">The state is damaged.</exception>
    public void Restore(JsonConfig state)
    {
        _loss = state.GetDouble("loss");
        _steps = state.GetInt("steps");
        state.GetDoubles("scale_gradients", _gradients);
        state.GetCounts("seen", _seen);
    }

    private static double Mean(long seen, double mean, double value) => seen == 0 ? value : Decay * mean + (1 - Decay) * value;
}
