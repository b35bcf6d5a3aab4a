namespace Ist.Runtime.Tensors;

/// <summary>How a tensor begins when no file gives its values.</summary>
public enum Initial
{
    /// <summary>All zero.</summary>
    Zeros,

    /// <summary>All one.</summary>
    Ones,

    /// <summary>Normal with mean 0 and the model's <c>initializer_range</c> as deviation.</summary>
    Normal,

    /// <summary>
    /// Uniform in ±1/sqrt(columns): PyTorch's <c>kaiming_uniform_(a=sqrt(5))</c>, the default of a linear layer and of LoRA's A.
    /// </summary>
    KaimingUniform,

    /// <summary>As <see cref="Parameter.Start"/> computes them.</summary>
    Computed,
}
