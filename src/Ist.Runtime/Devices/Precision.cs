namespace Ist.Runtime.Devices;

/// <summary>
/// How the factors of a model's products, attention's among them, are rounded on a GPU. Sums, the residual stream, norms, the loss, adapters, gradients of parameters and
/// the optimizer are F32 in each.
/// </summary>
public enum Precision
{
    /// <summary>Not at all.</summary>
    F32,

    /// <summary>To the 10 bits of TF32's fraction.</summary>
    TF32,

    /// <summary>To BF16, in which the card then also stores activations, gradients by them, and the base model's matrices that are F32.</summary>
    BF16,
}
