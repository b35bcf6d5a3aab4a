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

    /// <summary>Training rows of a probe batch.</summary>
    public int ProbeRows { get; init; } = 16;

    /// <summary>Layers that a step trains (N_u); null takes a quarter of them, rounded down, at least one.</summary>
    public int? ActiveLayers { get; init; }

    /// <summary>Layers that a candidate set suppresses (N_s); null takes half of them, rounded down.</summary>
    public int? SuppressedLayers { get; init; }

    /// <summary>The number of layers that a step trains in a stack.</summary>
    /// <exception cref="InputException">It was given, and the stack has not so many.</exception>
    public int ActiveOf(int layers)
    {
        int active = ActiveLayers ?? Math.Max(1, layers / 4);
        return active >= 1 && active <= layers
            ? active
            : throw new InputException($"active-layers is {active}, but the model has {layers} layers; give 1 to {layers}.");
    }

    /// <summary>The number of layers that a candidate set suppresses in a stack.</summary>
    /// <exception cref="InputException">It was given, and the stack has not so many.</exception>
    public int SuppressedOf(int layers)
    {
        int suppressed = SuppressedLayers ?? layers / 2;
        return suppressed >= 0 && suppressed <= layers
            ? suppressed
            : throw new InputException($"suppressed-layers is {suppressed}, but the model has {layers} layers; give 0 to {layers}.");
    }

    /// <summary>Refuses constants that mean nothing.</summary>
    /// <exception cref="InputException">Names the constant and its range.</exception>
    public void Check()
    {
        Require(Candidates >= 1, "candidates", Candidates, "1 or more");
        Require(double.IsFinite(StepSize), "step-size", StepSize, "a finite number");
        Require(double.IsFinite(Suppression), "suppression", Suppression, "a finite number");
        Require(Interval >= 1, "interval", Interval, "1 or more");
        Require(ProbeRows >= 1, "probe-rows", ProbeRows, "1 or more");
    }

    private static void Require(bool holds, string option, double value, string expected)
    {
        if (!holds)
            throw new InputException(FormattableString.Invariant($"IST's {option} is {value}; give {expected}."));
    }
}
