namespace Ist.Runtime.Sparse;

/// <summary>
/// Constants of Importance-aware Sparse Tuning. The defaults are those of the released code (arXiv 2410.11772,
/// <c>ist.py</c>).
/// </summary>
public sealed record IstOptions
{
    /// <summary>Candidate sets that an event compares (N_c).</summary>
    public int Candidates { get; init; } = 3;

    /// <summary>Step size of the importance (mu).</summary>
    public double StepSize { get; init; } = 10;

    /// <summary>What the adapters' output of a suppressed layer is multiplied by (beta).</summary>
    public double Suppression { get; init; } = 0.25;

    /// <summary>Optimizer steps from one event to the next (T); step 0 has none.</summary>
    public int Interval { get; init; } = 10;

    /// <summary>Where the losses of the candidate sets come from; the paper has forward passes.</summary>
    public ProbeKind Probe { get; init; } = ProbeKind.Forward;

    /// <summary>Training rows of a probe batch.</summary>
    public int ProbeRows { get; init; } = 16;

    /// <summary>Layers that a step trains (N_u); null takes a quarter of them, rounded down, at least one.</summary>
    public int? ActiveLayers { get; init; }

    /// <summary>Layers that a candidate set suppresses (N_s); null takes half of those that can be trained, rounded down.</summary>
    public int? SuppressedLayers { get; init; }

    /// <summary>How the layers of a step are chosen by their weights; the paper samples.</summary>
    public LayerDrawKind Draw { get; init; } = LayerDrawKind.Sample;

    /// <summary>Steps before the first choice, in which every layer that can be trained is, and none is probed; the paper has none.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>
    /// Layers that can be trained, from the top of the stack; null for all of them. Ours, not the paper's: the backward pass never goes below
    /// these layers, no buffers are made for it there, and probes suppress none of the others, which stay as they begin. A forward
    /// pass and its gradient by the activations are 2NT each, so over s of L layers a step takes (1 + s / L) / 2 of the work over all.
    /// </summary>
    public int? Truncate { get; init; }

    /// <summary>Refuses constants that mean nothing.</summary>
    /// <exception cref="InputException">Names the constant and its range.</exception>
    public void Check()
    {
        Require(Candidates >= 1, "candidates", Candidates, "1 or more");
        Require(double.IsFinite(StepSize), "step-size", StepSize, "a finite number");
        Require(double.IsFinite(Suppression), "suppression", Suppression, "a finite number");
        Require(Interval >= 1, "interval", Interval, "1 or more");
        Require(ProbeRows >= 1, "probe-rows", ProbeRows, "1 or more");
        Require(WarmupSteps >= 0, "warm-up steps", WarmupSteps, "0 or more");
    }

    private static void Require(bool holds, string option, double value, string expected)
    {
        if (!holds)
            throw new InputException(FormattableString.Invariant($"IST's {option} is {value}; give {expected}."));
    }
}
