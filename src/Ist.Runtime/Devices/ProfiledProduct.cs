namespace Ist.Runtime.Devices;

/// <summary>
/// A matrix product in a profile: C[M, N] = A[M, K] B[K, N]. A size that is the batch's rows is 0, so that batches of different lengths
/// count as one.
/// </summary>
/// <param name="Kind">What it is for.</param>
/// <param name="M">Rows of A.</param>
/// <param name="N">Columns of B.</param>
/// <param name="K">Length of the sums.</param>
public readonly record struct ProfiledProduct(WorkKind Kind, int M, int N, int K);
