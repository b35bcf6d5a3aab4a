namespace Ist.Testing;

/// <summary>How gradients are checked.</summary>
public sealed record GradientOptions
{
    /// <summary>Sequences of the batch.</summary>
    public int Sequences { get; init; } = 2;

    /// <summary>Tokens of each sequence.</summary>
    public int Time { get; init; } = 5;

    /// <summary>
    /// How far a slope may be from the gradient's, in relation to the length of the tensor's gradient. Kernels compute in F32, whose noise
    /// in a slope is about 1e-5.
    /// </summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>The length of a step along a direction.</summary>
    public double Step { get; init; } = 0.02;

    /// <summary>Directions tried for each tensor beside that of its own gradient.</summary>
    public int Directions { get; init; } = 4;

    /// <summary>Decides all numbers.</summary>
    public ulong Seed { get; init; } = 1;
}
