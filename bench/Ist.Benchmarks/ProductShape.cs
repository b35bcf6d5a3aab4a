using Ist.Runtime.Tensors;

namespace Ist.Benchmarks;

/// <summary>A product to time: C[M, N] = A[M, K] B[K, N].</summary>
/// <param name="Name">Where it comes up.</param>
/// <param name="M">Rows of A.</param>
/// <param name="N">Columns of B.</param>
/// <param name="K">Length of the sums.</param>
/// <param name="DType">How B is stored.</param>
/// <param name="TurnsB">Whether B is a stored matrix's transpose, as in y = x W^T.</param>
public sealed record ProductShape(string Name, int M, int N, int K, DType DType, bool TurnsB)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} {M}x{N}x{K} {DType}";
}
