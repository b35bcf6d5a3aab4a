namespace Ist.Runtime.Sparse;

/// <summary>Constants of <see cref="GradientSelection"/>.</summary>
public sealed record GradientSelectionOptions
{
    /// <summary>Layers that a step trains; null takes a quarter of them, rounded down, at least one.</summary>
    public int? ActiveLayers { get; init; }

    /// <summary>How much of a layer's mean is kept when it is seen again: mean = decay mean + (1 - decay) norm.</summary>
    public double Decay { get; init; } = 0.9;

    /// <summary>The share of the probability that all layers have alike, whatever their gradients.</summary>
    public double Exploration { get; init; } = 0.1;

    /// <summary>Refuses constants that mean nothing.</summary>
    /// <exception cref="InputException">Names the constant and its range.</exception>
    public void Check()
    {
        if (!(Decay is >= 0 and < 1))
            throw new InputException(FormattableString.Invariant($"gradient-decay is {Decay}; give 0 or more and less than 1."));
        if (!(Exploration is > 0 and <= 1))
            throw new InputException(FormattableString.Invariant($"exploration is {Exploration}; give more than 0 and at most 1."));
    }
}
