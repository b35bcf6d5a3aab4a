namespace Ist.Cli.Finetuning;

/// <summary>What computes large products on a card.</summary>
internal enum ProductChoice
{
    /// <summary>cuBLAS where it can be loaded, else kernels.</summary>
    Auto,

    /// <summary>Kernels.</summary>
    Own,

    /// <summary>cuBLAS, or nothing runs.</summary>
    Cublas,
}
