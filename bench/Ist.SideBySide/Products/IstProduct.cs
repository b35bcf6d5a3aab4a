using System.Runtime.Intrinsics.X86;
using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.SideBySide.Products;

/// <summary>Ist's own product.</summary>
internal sealed unsafe class IstProduct(ProductOptions options) : ProductSide(options)
{
    private readonly CpuDevice _cpu = new(options.Threads);

    public override IEnumerable<string> Notes => [Avx512F.IsSupported ? "AVX-512" : "AVX2"];

    public override void Step() => MatrixProduct.Multiply(
        _cpu, Into.Set, 1, C, Size, Size, Size, Size, MatrixOperand.Plain(A, Size), MatrixOperand.Plain(B, Size));

    public override void Dispose()
    {
        _cpu.Dispose();
        base.Dispose();
    }
}
