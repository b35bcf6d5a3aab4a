using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

/// <summary>
/// The load-balancing loss of a mixture of experts (Fedus et al., arXiv 2101.03961, equations 4 to 6) as Hugging Face computes it, over
/// the routers of all layers together: coefficient E sum over experts of f_e P_e, where f_e is how often an expert is chosen for
/// a token of a layer, and P_e its mean probability; padding is left out. Source: transformers, <c>load_balancing_loss_func</c>.
/// <para>
/// Backward, with p = softmax(l) and g_e = coefficient E f_e / (layers tokens): dl += p (g - sum of p g); f has no gradient.
/// </para>
/// </summary>
public sealed unsafe partial class RouterBalance : IAuxiliaryLoss
{
    private readonly double[] _probabilities;
    private readonly long[] _choices;
    private readonly long[] _tokens;
    private readonly float[] _slopes;
    private readonly int _experts;

    /// <summary>A balance over all layers of a model.</summary>
    /// <param name="layers">Layers that have a router.</param>
    /// <param name="experts">Experts of each (<c>num_local_experts</c>).</param>
    /// <param name="coefficient">What the loss is multiplied by (<c>router_aux_loss_coef</c>); 0 for none.</param>
    public RouterBalance(int layers, int experts, float coefficient)
    {
        Coefficient = coefficient;
        _experts = experts;
        _probabilities = new double[layers * experts];
        _choices = new long[layers * experts];
        _tokens = new long[layers];
        _slopes = GC.AllocateArray<float>(experts, pinned: true);
    }

    /// <summary>What the loss is multiplied by.</summary>
    public float Coefficient { get; }

    /// <summary>Whether there is such a loss.</summary>
    public bool IsOn => Coefficient != 0;

    /// <inheritdoc/>
    public double Value
    {
        get
        {
            double tokens = Math.Max(1, _tokens.Sum()), sum = 0;
            for (int e = 0; e < _experts; e++)
                sum += ChosenOf(e) / tokens * (ProbabilityOf(e) / tokens);
            return Coefficient * _experts * sum;
        }
    }

    /// <summary>Takes what a layer's router chose for the real rows of a batch, and with what probabilities it could have.</summary>
    internal void Measure(Run run, int layer, float* logits, int* chosen, int perRow)
    {
        _tokens[layer] = run.Batch.RealTokens;
        fixed (double* probabilities = &_probabilities[layer * _experts])
        fixed (long* choices = &_choices[layer * _experts])
        {
            var job = new MeasureJob(
                run.Cpu.Scratches, probabilities, choices, logits, chosen, run.Batch.Start, run.Batch.End, run.Batch.Time, run.Rows, _experts, perRow);
            run.Cpu.For(1, job);
        }
    }

    /// <summary>dl += the gradient by the logits of a layer's router.</summary>
    internal void Backward(Run run, float* dlogits, float* logits)
    {
        FindSlopes(run);
        fixed (float* slopes = _slopes)
        {
            var job = new BackwardJob(
                run.Cpu.Scratches, dlogits, logits, slopes, run.Batch.Start, run.Batch.End, run.Batch.Time, run.Rows, _experts);
            run.Cpu.For(RowTasks.Count(run.Rows, _experts), job);
        }
    }

    /// <summary>The g_e, of which all layers have the same.</summary>
    private void FindSlopes(Run run)
    {
        double tokens = Math.Max(1, _tokens.Sum());
        for (int e = 0; e < _experts; e++)
            _slopes[e] = (float)(run.AuxiliaryWeight * Coefficient * _experts * (ChosenOf(e) / tokens) / tokens);
    }

    private double ChosenOf(int expert)
    {
        long sum = 0;
        for (int at = expert; at < _choices.Length; at += _experts)
            sum += _choices[at];
        return sum;
    }

    private double ProbabilityOf(int expert)
    {
        double sum = 0;
        for (int at = expert; at < _probabilities.Length; at += _experts)
            sum += _probabilities[at];
        return sum;
    }
}
