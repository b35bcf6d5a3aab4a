using System.Runtime.InteropServices;

namespace Ist.SideBySide.Products;

/// <summary>The system's OpenBLAS (<c>libopenblas.so.0</c>).</summary>
internal sealed unsafe partial class OpenBlasProduct(ProductOptions options) : ProductSide(options)
{
    private const int RowMajor = 101, NoTranspose = 111;

    public override IEnumerable<string> Notes => [$"{Marshal.PtrToStringUTF8(openblas_get_config())}, kernels {Marshal.PtrToStringUTF8(openblas_get_corename())}"];

    public override void Step() =>
        cblas_sgemm(RowMajor, NoTranspose, NoTranspose, Size, Size, Size, 1, A, Size, B, Size, 0, C, Size);

    [LibraryImport("libopenblas.so.0")]
    private static partial void cblas_sgemm(
        int order, int transA, int transB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);

    [LibraryImport("libopenblas.so.0")]
    private static partial nint openblas_get_config();

    [LibraryImport("libopenblas.so.0")]
    private static partial nint openblas_get_corename();
}
