using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Large products by NVIDIA's cuBLAS, which comes with the CUDA toolkit and not with Ist. It has column-major matrices, and a row-major matrix
/// is the transpose of a column-major one in the same memory: C = A B is computed as C^T = B^T A^T.
/// </summary>
internal sealed unsafe class Cublas : IDisposable
{
    /// <summary>Multiply-adds that take a card longer than a call takes the host.</summary>
    public const long WorthACall = 1L << 24;

    // What NVIDIA recommends for its largest cards; given here, it is a part of what a card has in use before a run is planned.
    private const int WorkspaceBytes = 32 << 20;

    // From cublas_api.h and library_types.h.
    private const int AsStored = 0, Transposed = 1, Single = 0, BFloat16 = 14, ComputeSingle = 68, ComputeTF32 = 77, DefaultAlgorithm = -1;

    private static readonly string[] _files = [.. new[] { 13, 12, 11 }.Select(version => OperatingSystem.IsWindows() ? $"cublas64_{version}.dll" : $"libcublas.so.{version}")];

    private readonly IlgpuDevice _device;
    private readonly nint _handle;
    private readonly delegate* unmanaged<nint, int> _destroy;
    private readonly delegate* unmanaged<nint, int, int, int, int, int, float*, void*, int, int, void*, int, int, float*, void*, int, int, int, int, int> _gemm;

    private Cublas(IlgpuDevice device, nint stream, nint library)
    {
        _device = device;
        _destroy = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "cublasDestroy_v2");
        _gemm = (delegate* unmanaged<nint, int, int, int, int, int, float*, void*, int, int, void*, int, int, float*, void*, int, int, int, int, int>)
            NativeLibrary.GetExport(library, "cublasGemmEx");
        nint handle;
        Check(((delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(library, "cublasCreate_v2"))(&handle), "create");
        _handle = handle;
        Check(((delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(library, "cublasSetStream_v2"))(handle, stream), "set stream");
        // Without memory of its own a stream's products may wait for others', and their sums have another order.
        Check(((delegate* unmanaged<nint, void*, nint, int>)NativeLibrary.GetExport(library, "cublasSetWorkspace_v2"))(handle, device.Allocate(WorkspaceBytes), WorkspaceBytes), "set workspace");
        int version;
        Check(((delegate* unmanaged<nint, int*, int>)NativeLibrary.GetExport(library, "cublasGetVersion_v2"))(handle, &version), "get version");
        // 12.4.5 says 120405, and 11.8 said 11800 at first.
        Name = version >= 100_000 ? $"cuBLAS {version / 10_000}.{version / 100 % 100}" : $"cuBLAS {version / 1000}.{version / 100 % 10}";
    }

    /// <summary>Its name and version.</summary>
    public string Name { get; }

    /// <summary>Multiply-adds of a product that it takes at least, <see cref="WorthACall"/> at first.</summary>
    public long LeastWork { get; set; } = WorthACall;

    /// <summary>Loads it for a device and its stream.</summary>
    /// <param name="device">The card; its context is the thread's.</param>
    /// <param name="stream">The card's stream, as the driver knows it.</param>
    /// <param name="cublas">The library.</param>
    /// <returns>Whether it is installed.</returns>
    /// <exception cref="RunException">It is, but does not work.</exception>
    public static bool TryLoad(IlgpuDevice device, nint stream, [NotNullWhen(true)] out Cublas? cublas)
    {
        foreach (string file in _files)
        {
            if (NativeLibrary.TryLoad(file, typeof(Cublas).Assembly, null, out nint library))
            {
                cublas = new Cublas(device, stream, library);
                return true;
            }
        }
        cublas = null;
        return false;
    }

    /// <summary>Why it can't be loaded, in words.</summary>
    public static string Missing => $"{string.Join(", ", _files[..^1])} or {_files[^1]} is not found";

    /// <summary>C = or += alpha A B, all row-major or, as factors, transposed. Sums are F32.</summary>
    /// <param name="precision">Of the factors, which are BF16 for that and else F32. TF32 it makes of them as it reads them.</param>
    /// <param name="into">Whether C is set or added to.</param>
    /// <param name="alpha">Scales the product.</param>
    /// <param name="c">[m, n], F32; of factors in BF16 perhaps BF16, to which sums are rounded.</param>
    /// <param name="ldc">Elements from one row of C to the next.</param>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Columns of B.</param>
    /// <param name="k">Columns of A, rows of B; at least 1.</param>
    /// <param name="a">[m, k].</param>
    /// <param name="b">[k, n].</param>
    /// <exception cref="RunException">It failed.</exception>
    public void Multiply(Precision precision, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b)
    {
        float beta = into == Into.Add ? 1 : 0;
        int type = precision == Precision.BF16 ? BFloat16 : Single, compute = precision == Precision.TF32 ? ComputeTF32 : ComputeSingle;
        (int left, int leftStride) = Layout(b, n, k);
        (int right, int rightStride) = Layout(a, k, m);
        bool rounds = BFloat16Address.Is(c);
        void* target = rounds ? BFloat16Address.Real(c) : c;
        int targetType = rounds ? BFloat16 : Single;
        _device.Profile?.Expect(MatrixProduct.Work(into, c, m, n, k, a, b));
        long begin = _device.BeginMeasured();
        Check(
            _gemm(_handle, left, right, n, m, k, &alpha, b.Data, type, leftStride, a.Data, type, rightStride, &beta, target, targetType, ldc, compute, DefaultAlgorithm),
            "product");
        _device.EndMeasured(typeof(Cublas), begin);
    }

    /// <inheritdoc/>
    public void Dispose() => _destroy(_handle);

    // A row-major factor is what cuBLAS multiplies by as it is stored. Where there is one row or column the stride means nothing, and may be less than cuBLAS allows.
    private static (int Operation, int Stride) Layout(MatrixOperand factor, int columns, int rows) => factor.ColumnStride == 1
        ? (AsStored, checked((int)Math.Max(factor.RowStride, columns)))
        : (Transposed, checked((int)Math.Max(factor.ColumnStride, rows)));

    private static void Check(int status, string what)
    {
        if (status != 0)
            throw new RunException($"cuBLAS failed with status {status} ({what}); give --products own.");
    }
}
