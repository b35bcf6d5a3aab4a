using Ist.Runtime.Devices;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Products of adapters, whose one side is a rank, beside double precision.</summary>
[Collection(GpuCollection.Name)]
public sealed class NarrowProductTests(GpuFixture fixture)
{
    /// <summary>Measured: 1.4 units at most.</summary>
    [Theory]
    [InlineData(1, 9, 4, 128)]
    [InlineData(1, 34, 16, 260)]
    [InlineData(3, 13, 8, 300)]
    [InlineData(1, 33, 20, 132)]
    [InlineData(2, 10, 60, 320)]
    public void Few_columns(int parts, int m, int n, int k)
    {
        Check(new ProductPlan(ProductKernel.FewColumns, parts), m, n, k, turnedA: false, turnedB: true);
        Check(new ProductPlan(ProductKernel.FewColumns, parts), m, n, k, turnedA: false, turnedB: false);
    }

    /// <summary>Measured: 3.1 units, in the order of the terms, however C lies.</summary>
    [Theory]
    [InlineData(32, 9, 128, 4, 3)]
    [InlineData(32, 9, 128, 4, 4)]
    [InlineData(96, 150, 132, 16, 4)]
    [InlineData(32, 70, 260, 12, 8)]
    public void Few_terms(int groupRows, int m, int n, int k, int gap)
    {
        Check(new ProductPlan(ProductKernel.FewTerms, 1, GroupRows: groupRows), m, n, k, turnedA: false, turnedB: true, gap);
        Check(new ProductPlan(ProductKernel.FewTerms, 1, GroupRows: groupRows), m, n, k, turnedA: false, turnedB: false, gap);
    }

    /// <summary>Measured: 1.4 units at most.</summary>
    [Theory]
    [InlineData(1, 4, 132, 65)]
    [InlineData(1, 16, 132, 131)]
    [InlineData(3, 12, 12, 200)]
    [InlineData(2, 132, 16, 194)]
    [InlineData(1, 136, 20, 67)]
    [InlineData(2, 36, 128, 101)]
    public void Long_sums(int parts, int m, int n, int k) => Check(new ProductPlan(ProductKernel.LongSums, parts), m, n, k, turnedA: true, turnedB: false);

    /// <summary>LoRA of rank 16 of a layer of 2048 inputs and 8192 outputs with 4096 rows, other ranks, and what is no adapter's.</summary>
    [Theory]
    [InlineData(4096, 16, 2048, false, true, ProductKernel.FewColumns, 2, 0)]
    [InlineData(4096, 8192, 16, false, true, ProductKernel.FewTerms, 1, 128)]
    [InlineData(4096, 16, 8192, false, false, ProductKernel.FewColumns, 2, 0)]
    [InlineData(4096, 2048, 16, false, false, ProductKernel.FewTerms, 1, 128)]
    [InlineData(8192, 16, 4096, true, false, ProductKernel.LongSums, 4, 0)]
    [InlineData(16, 2048, 4096, true, false, ProductKernel.LongSums, 16, 0)]
    [InlineData(4, 2048, 4096, true, false, ProductKernel.LongSums, 16, 0)]
    [InlineData(4096, 64, 2048, false, true, ProductKernel.FewColumns, 1, 0)]
    [InlineData(64, 2048, 4096, true, false, ProductKernel.LongSums, 8, 0)]
    [InlineData(4096, 65, 2048, false, true, ProductKernel.Single, 8, 0)]
    [InlineData(4096, 2048, 17, false, false, ProductKernel.Single, 1, 0)]
    [InlineData(65, 2048, 4096, true, false, ProductKernel.Single, 16, 0)]
    [InlineData(8, 16, 2048, false, true, ProductKernel.Thin, 1, 0)]
    public void The_way_follows_from_the_sizes(int m, int n, int k, bool turnedA, bool turnedB, object kernel, int parts, int groupRows) => Assert.Equal(
        new ProductPlan((ProductKernel)kernel, parts, GroupRows: groupRows), ProductPlan.Of(Precision.F32, m, n, k, turnedA, turnedB, whole: true, copiesTiles: true));

    // Rows of C begin at multiples of 16 bytes where B is turned.
    private void Check(ProductPlan plan, int m, int n, int k, bool turnedA, bool turnedB) => Check(plan, m, n, k, turnedA, turnedB, gap: turnedB ? 4 : 3);

    private void Check(ProductPlan plan, int m, int n, int k, bool turnedA, bool turnedB, int gap)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        new ProductCase(test, m, n, k, turnedA, turnedB, DType.F32, value => value, gap: gap).Check(plan, plan.Kernel == ProductKernel.FewTerms ? 5 : 2);
    }
}
