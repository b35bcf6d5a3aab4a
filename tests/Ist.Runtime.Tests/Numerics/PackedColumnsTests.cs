using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Numerics;

public sealed unsafe class PackedColumnsTests
{
    private const int K = 300, Stride = 144;

    [Theory]
    [InlineData(144, 144, 0, 300)]
    [InlineData(144, 17, 0, 300)]
    [InlineData(130, 70, 11, 40)]
    [InlineData(9, 9, 5, 6)]
    public void A_part_is_multiplied_as_the_whole_would_be(int columns, int wanted, int begin, int end)
    {
        using var test = new KernelTest(1, 1);
        float* a = Numbered(test, 6 * K, 1), turned = test.Floats(K * 8), b = Numbered(test, K * Stride, 2);
        float* pack = test.Floats(6 * 256), packed = test.Floats(PackedColumns.Floats(K, columns)), c = test.Floats(6 * 160), expected = test.Floats(6 * 160);
        for (int i = 0; i < 6 * K; i++)
            turned[i % K * 8 + i / K] = a[i];
        MatrixProduct.Multiply(
            test.Cpu, Into.Set, 0.5f, expected, 160, 6, wanted, end - begin, MatrixOperand.Plain(a + begin, K), MatrixOperand.Plain(b + begin * Stride, Stride));

        PackedColumns factor = PackedColumns.Pack(MatrixOperand.Plain(b, Stride), K, columns, packed);
        factor.Multiply(pack, Into.Set, 0.5f, c, 160, 6, wanted, MatrixOperand.Plain(a, K), begin, end);
        Check();
        factor.Multiply(pack, Into.Set, 0.5f, c, 160, 6, wanted, MatrixOperand.Transposed(turned, 8), begin, end, spare: true);
        Check();
        if (PackedColumns.CanRead(columns))
        {
            PackedColumns.Read(b, Stride, K, columns).Multiply(pack, Into.Set, 0.5f, c, 160, 6, wanted, MatrixOperand.Plain(a, K), begin, end);
            Check();
        }

        void Check()
        {
            for (int row = 0; row < 6; row++)
                Assert.Equal(new ReadOnlySpan<float>(expected + row * 160, wanted), new ReadOnlySpan<float>(c + row * 160, wanted));
            new Span<float>(c, 6 * 160).Clear();
        }
    }

    private static float* Numbered(KernelTest test, int count, int seed)
    {
        float* numbers = test.Floats(count);
        Numbers.Fill(new Span<float>(numbers, count), seed, 1);
        return numbers;
    }
}
