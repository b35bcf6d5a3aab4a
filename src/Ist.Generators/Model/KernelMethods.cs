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

    public static readonly string[] AllBackward = [BackwardSet, BackwardAdd, BackwardInputSet, BackwardInputAdd, BackwardWeights];
}
