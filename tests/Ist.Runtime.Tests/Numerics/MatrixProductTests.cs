using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Numerics;

/// <summary>
/// The bits are those of the order that <see cref="MatrixProduct"/> states: over panels of 256, each summed from zero by fused
/// multiply-adds and added by one more.
/// </summary>
public sealed unsafe class MatrixProductTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 5, 3, 1 }, { 6, 64, 256 }, { 7, 65, 257 }, { 1, 300, 700 }, { 13, 4, 511 }, { 97, 8, 33 }, { 200, 16, 8 }, { 8, 130, 200 },
        { 61, 127, 3 }, { 25, 24, 40 }, { 97, 321, 600 }, { 1600, 70, 260 }, { 100, 2100, 300 }, { 1300, 16, 520 }, { 70, 23, 9 },
        { 1, 2100, 35 }, { 2, 300, 700 }, { 3, 97, 300 }, { 4, 65, 257 }, { 4, 1100, 130 },
        // Adapters of ranks 1 to 64, and where the last tile or strip of theirs is not whole.
        { 8, 96, 256 }, { 16, 200, 300 }, { 12, 97, 257 }, { 23, 64, 40 }, { 64, 33, 513 }, { 96, 32, 17 }, { 300, 5, 700 }, { 1100, 1, 40 }, { 130, 17, 300 },
        { 9, 33, 600 }, { 41, 64, 270 },
        // Rows enough for every thread to pack for itself.
        { 600, 210, 257 }, { 1160, 330, 300 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_layout_has_the_stated_bits(int m, int n, int k)
    {
        using var test = new KernelTest(1, 1, 3);
        float* a = Random(test, (long)m * k, 1), b = Random(test, (long)k * n, 2), c = test.Floats((long)m * n);
        float* turnedA = Turned(test, a, m, k), turnedB = Turned(test, b, k, n);
        foreach (MatrixOperand left in (MatrixOperand[])[MatrixOperand.Plain(a, k), MatrixOperand.Transposed(turnedA, m)])
        {
            foreach (MatrixOperand right in (MatrixOperand[])[MatrixOperand.Plain(b, n), MatrixOperand.Transposed(turnedB, k)])
            {
                Numbers.Fill(new Span<float>(c, m * n), 3, 1);
                MatrixProduct.Multiply(test.Cpu, Into.Set, 1, c, n, m, n, k, left, right);
                Check(Into.Set, 1);
                Numbers.Fill(new Span<float>(c, m * n), 3, 1);
                MatrixProduct.Multiply(test.Cpu, Into.Add, -0.3f, c, n, m, n, k, left, right);
                Check(Into.Add, -0.3f);
            }
        }

        void Check(Into into, float alpha)
        {
            float[] before = new float[m * n];
            Numbers.Fill(before, 3, 1);
            // All of a small product, and a sample of a large one.
            int stride = m * n < 20000 ? 1 : 37;
            for (int at = 0; at < m * n; at += stride)
            {
                float expected = Element(a + at / n * (long)k, b + at % n, n, k, into, alpha, before[at]);
                if (expected != c[at])
                    Assert.Fail($"{into} [{at / n}, {at % n}] is {c[at]:R}, expected {expected:R}");
            }
        }
    }

    [Theory]
    [InlineData(DType.BF16, 130)]
    [InlineData(DType.F16, 130)]
    [InlineData(DType.BF16, 600)]
    [InlineData(DType.F16, 600)]
    public void Stored_precisions_are_widened_exactly(DType dtype, int m)
    {
        const int n = 150, k = 900;
        using var test = new KernelTest(1, 1, 3);
        float* a = Random(test, m * k, 1), b = Random(test, k * n, 2), c = test.Floats(m * n), expected = test.Floats(m * n);
        // Denormals of F16 and the largest numbers of both.
        (b[0], b[1], b[2], b[3]) = (3e-7f, -6e-8f, 65504, -65504);
        void* stored = test.Floats(k * n);
        FloatConverter.Narrow(new ReadOnlySpan<float>(b, k * n), dtype, stored);
        FloatConverter.Widen(dtype, stored, new Span<float>(b, k * n));

        foreach ((long down, long along) in ((long, long)[])[(n, 1), (1, k)])
        {
            MatrixProduct.Multiply(test.Cpu, Into.Set, 1, expected, n, m, n, k, MatrixOperand.Plain(a, k), new MatrixOperand(b, DType.F32, down, along));
            MatrixProduct.Multiply(test.Cpu, Into.Set, 1, c, n, m, n, k, MatrixOperand.Plain(a, k), new MatrixOperand(stored, dtype, down, along));
            Assert.Equal(new ReadOnlySpan<float>(expected, m * n), new ReadOnlySpan<float>(c, m * n));
        }
    }

    [Theory]
    [InlineData(DType.BF16, false)]
    [InlineData(DType.BF16, true)]
    [InlineData(DType.F16, false)]
    [InlineData(DType.F16, true)]
    public void Few_rows_read_stored_precisions_exactly(DType dtype, bool infinite)
    {
        const int n = 150, k = 700;
        using var test = new KernelTest(1, 1, 3);
        float* a = Random(test, 4 * k, 1), b = Random(test, k * n, 2), c = test.Floats(4 * n), expected = test.Floats(4 * n);
        (b[0], b[1], b[2], b[3]) = (3e-7f, -6e-8f, 65504, -65504);
        if (infinite)
            (b[77], b[40000], b[99999]) = (float.PositiveInfinity, float.NegativeInfinity, float.NaN);
        void* stored = test.Floats(k * n);
        FloatConverter.Narrow(new ReadOnlySpan<float>(b, k * n), dtype, stored);
        FloatConverter.Widen(dtype, stored, new Span<float>(b, k * n));

        for (int m = 1; m <= RowProduct.MostRows; m++)
        {
            foreach ((long down, long along) in ((long, long)[])[(n, 1), (1, k)])
            {
                MatrixProduct.Multiply(test.Cpu, Into.Set, 1, expected, n, m, n, k, MatrixOperand.Plain(a, k), new MatrixOperand(b, DType.F32, down, along));
                MatrixProduct.Multiply(test.Cpu, Into.Set, 1, c, n, m, n, k, MatrixOperand.Plain(a, k), new MatrixOperand(stored, dtype, down, along));
                Assert.Equal(new ReadOnlySpan<float>(expected, m * n), new ReadOnlySpan<float>(c, m * n));
                Assert.Equal(infinite, new ReadOnlySpan<float>(c, m * n).ContainsAnyExceptInRange(float.MinValue, float.MaxValue));
            }
        }
    }

    [Theory]
    [InlineData(0x7c00)]
    [InlineData(0x8000)]
    public void Every_half_is_packed_as_it_is(int magnitudes)
    {
        const int width = 64;
        ushort[] halves = [.. Enumerable.Range(0, magnitudes).SelectMany(h => (ushort[])[(ushort)h, (ushort)(h | 0x8000)])];
        int k = halves.Length / width;
        float[] packed = new float[halves.Length];
        fixed (ushort* data = halves)
        fixed (float* to = packed)
        {
            Packing.Columns(new MatrixOperand(data, DType.F16, width, 1), width, width, k, to);
            Check(i => halves[i]);
            Packing.Columns(new MatrixOperand(data, DType.F16, 1, k), width, width, k, to);
            Check(i => halves[i % width * k + i / width]);
        }

        void Check(Func<int, ushort> half)
        {
            for (int i = 0; i < packed.Length; i++)
            {
                float expected = (float)BitConverter.UInt16BitsToHalf(half(i));
                if (float.IsNaN(expected) ? !float.IsNaN(packed[i]) : BitConverter.SingleToUInt32Bits(expected) != BitConverter.SingleToUInt32Bits(packed[i]))
                    Assert.Fail($"{half(i):x4} is {packed[i]:R}, expected {expected:R}");
            }
        }
    }

    [Theory]
    [InlineData(97, 321, 600, DType.F32)]
    [InlineData(1600, 70, 260, DType.BF16)]
    [InlineData(100, 2100, 300, DType.F16)]
    [InlineData(300, 4133, 33, DType.F32)]
    [InlineData(700, 2130, 40, DType.BF16)]
    public void A_factor_that_is_packed_once_gives_the_same_bits(int m, int n, int k, DType dtype)
    {
        using var test = new KernelTest(1, 1, 3);
        float* a = Random(test, (long)m * k, 1), b = Random(test, (long)k * n, 2), c = test.Floats((long)m * n), expected = test.Floats((long)m * n);
        Assert.True(SharedProduct.Suits(m, n, k));
        FloatConverter.Narrow(new ReadOnlySpan<float>(b, k * n).ToArray(), dtype, b);
        foreach ((long down, long along) in ((long, long)[])[(n, 1), (1, k)])
        {
            var factor = new MatrixOperand(b, dtype, down, along);
            float* panels = test.Floats(SharedProduct.PanelFloats(k, n));
            SharedProduct.PackRight(test.Cpu, factor, k, n, panels);
            MatrixProduct.Multiply(test.Cpu, Into.Set, 1, expected, n, m, n, k, MatrixOperand.Plain(a, k), factor);
            MatrixProduct.Multiply(
                test.Cpu, Into.Set, 1, c, n, m, n, k, MatrixOperand.Plain(a, k), new MatrixOperand(null, dtype, down, along) { Panels = panels });
            Assert.Equal(new ReadOnlySpan<float>(expected, m * n), new ReadOnlySpan<float>(c, m * n));
        }
    }

    [Theory]
    [InlineData(1, 97, 321, 600, 16)]
    [InlineData(2, 1600, 70, 260, 7)]
    [InlineData(7, 100, 2100, 300, 130)]
    [InlineData(3, 700, 200, 257, 150)]
    public void A_narrow_product_beside_another_has_the_same_bits(int threads, int m, int n, int k, int columns)
    {
        using var test = new KernelTest(1, 1, threads);
        float* a = Random(test, (long)m * k, 1), b = Random(test, (long)k * n, 2), narrow = Random(test, (long)k * columns, 3);
        float* c = Random(test, (long)m * n, 4), expected = Random(test, (long)m * n, 4);
        float* cBeside = test.Floats((long)m * columns), expectedBeside = test.Floats((long)m * columns);
        foreach (MatrixOperand right in (MatrixOperand[])[MatrixOperand.Plain(narrow, columns), MatrixOperand.Transposed(narrow, k)])
        {
            var beside = new NarrowProduct(-0.3f, cBeside, columns, right);
            Assert.True(SharedProduct.Suits(m, n, k, beside));
            MatrixProduct.Multiply(test.Cpu, Into.Add, 1, expected, n, m, n, k, MatrixOperand.Plain(a, k), MatrixOperand.Plain(b, n));
            MatrixProduct.Multiply(test.Cpu, Into.Set, -0.3f, expectedBeside, columns, m, columns, k, MatrixOperand.Plain(a, k), right);

            MatrixProduct.Multiply(test.Run, Into.Add, c, n, m, n, k, MatrixOperand.Plain(a, k), MatrixOperand.Plain(b, n), beside);

            Assert.Equal(new ReadOnlySpan<float>(expected, m * n), new ReadOnlySpan<float>(c, m * n));
            Assert.Equal(new ReadOnlySpan<float>(expectedBeside, m * columns), new ReadOnlySpan<float>(cBeside, m * columns));
        }
    }

    [Fact]
    public void Rows_of_C_may_lie_apart()
    {
        using var test = new KernelTest(1, 1);
        float* a = Random(test, 7 * 3, 1), b = Random(test, 3 * 5, 2), c = test.Floats(7 * 9);
        new Span<float>(c, 7 * 9).Fill(-1);

        MatrixProduct.Multiply(test.Cpu, Into.Set, 1, c, 9, 7, 5, 3, MatrixOperand.Plain(a, 3), MatrixOperand.Plain(b, 5));

        for (int row = 0; row < 7; row++)
        {
            Assert.Equal(Element(a + row * 3, b + 4, 5, 3, Into.Set, 1, 0), c[row * 9 + 4]);
            Assert.Equal([-1, -1, -1, -1], new ReadOnlySpan<float>(c + row * 9 + 5, 4));
        }
    }

    private static float Element(float* a, float* b, int n, int k, Into into, float alpha, float c)
    {
        for (int deep = 0; deep < k; deep += 256, into = Into.Add)
        {
            float sum = 0;
            for (int p = deep; p < Math.Min(k, deep + 256); p++)
                sum = MathF.FusedMultiplyAdd(a[p], b[(long)p * n], sum);
            c = into == Into.Set ? alpha * sum : MathF.FusedMultiplyAdd(alpha, sum, c);
        }
        return c;
    }

    private static float* Random(KernelTest test, long count, int seed)
    {
        float* numbers = test.Floats(count);
        Numbers.Fill(new Span<float>(numbers, (int)count), seed, 1);
        return numbers;
    }

    private static float* Turned(KernelTest test, float* from, int rows, int columns)
    {
        float* to = test.Floats((long)rows * columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                to[(long)j * rows + i] = from[(long)i * columns + j];
        }
        return to;
    }
}
