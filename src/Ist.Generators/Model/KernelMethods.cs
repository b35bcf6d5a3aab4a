namespace Ist.Generators.Model;

/// <summary>The methods by which the generator knows a kernel class or slot.</summary>
internal static class KernelMethods
{
    public const string Forward = "Forward";

    /// <summary>Sets the gradient by the inputs; of a slot, also adds its parameters' gradients.</summary>
    public const string BackwardSet = "BackwardSet";

    /// <summary>As <see cref="BackwardSet"/>, but adds to the gradient by the inputs.</summary>
    public const string BackwardAdd = "BackwardAdd";

    /// <summary>Of a slot: the gradient by the inputs alone.</summary>
    public const string BackwardInputSet = "BackwardInputSet";

    /// <summary>As <see cref="BackwardInputSet"/>, but adds.</summary>
    public const string BackwardInputAdd = "BackwardInputAdd";

    /// <summary>Adds the layer's own gradients.</summary>
    public const string BackwardWeights = "BackwardWeights";

    /// <summary>Of a slot behind a part: gives the gradient by what the part gave, and adds its parameters' gradients.</summary>
    public const string BackwardBranch = "BackwardBranch";

    /// <summary>As <see cref="BackwardBranch"/>, without its parameters' gradients.</summary>
    public const string BackwardInputBranch = "BackwardInputBranch";

    /// <summary>Of such a slot: adds its share of the gradient by the residual stream.</summary>
    public const string BackwardShare = "BackwardShare";

    public static readonly string[] AllBackward =
    [
        BackwardSet, BackwardAdd, BackwardInputSet, BackwardInputAdd, BackwardWeights, BackwardBranch, BackwardInputBranch, BackwardShare,
    ];
}
