using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Vectors that are added to rows, scale them or are multiplied with them, on the GPU beside the processor.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class VectorKernelTests(GpuFixture fixture)
{
    // Measured: 6.0e-7 of the largest entry (ds, a sum over 256 rows).
    private const double Tolerance = 2e-6;

    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(2, 29, 37, 0)]
    [InlineData(2, 128, 300, 0)]
    [InlineData(1, 9, 132, 3)]
    public void RowSum_is_the_processors(int sequences, int time, int width, int offset)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        Act<Model> y = Shifted(test.Cpu, width, 1, offset), vectors = Shifted(test.Cpu, width, 2, offset), dvectors = Shifted(test.Cpu, width, 3, offset);
        (Act<Model> gy, Act<Model> gvectors, Act<Model> gdvectors) = (Copy(test, y, offset), Copy(test, vectors, offset), Copy(test, dvectors, offset));

        Pass(test.Cpu.Run, y, vectors, dvectors);
        Pass(test.Run, gy, gvectors, gdvectors);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, dvectors, gdvectors, "db");

        static void Pass(Run run, Act<Model> y, Act<Model> vectors, Act<Model> dvectors)
        {
            RowSum.Add(run, 0.25f, y.Data, vectors.Data, y.Width);
            RowSum.AddGradient(run, -3, dvectors.Data, y.Data, y.Width);
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1f, 0)]
    [InlineData(2, 29, 37, 1f, 0)]
    [InlineData(2, 128, 300, 0.25f, 0)]
    [InlineData(1, 9, 132, 0f, 1)]
    public void ColumnScale_is_the_processors(int sequences, int time, int width, float strength, int offset)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        Act<Model> x = Shifted(test.Cpu, width, 1, offset), s = Shifted(test.Cpu, width, 2, offset);
        Act<Model> y = Shifted(test.Cpu, width, 3, offset), ds = Shifted(test.Cpu, width, 4, offset);
        (Act<Model> gx, Act<Model> gs, Act<Model> gy, Act<Model> gds) = (Copy(test, x, offset), Copy(test, s, offset), Copy(test, y, offset), Copy(test, ds, offset));

        Pass(test.Cpu.Run, x, s, y, ds, strength);
        Pass(test.Run, gx, gs, gy, gds, strength);

        test.Near(Tolerance, x, gx, "x in its own place");
        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, ds, gds, "ds");

        static void Pass(Run run, Act<Model> x, Act<Model> s, Act<Model> y, Act<Model> ds, float strength)
        {
            ColumnScale.Forward(run, Into.Add, y.Data, x.Data, s.Data, strength, x.Width);
            ColumnScale.BackwardScale(run, Into.Set, strength, ds.Data, y.Data, x.Data, x.Width);
            ColumnScale.BackwardScale(run, Into.Add, 2, ds.Data, y.Data, x.Data, x.Width);
            ColumnScale.Forward(run, Into.Set, x.Data, x.Data, s.Data, strength, x.Width);
        }
    }

    [Fact]
    public void A_scale_of_full_strength_is_not_rounded()
    {
        using var test = new GpuTest(fixture, new KernelTest(2, 7));
        Act<Model> x = test.Cpu.Random<Model>(33, 1), s = test.Cpu.Random<Model>(33, 2), y = test.Cpu.Empty<Model>(33);
        Act<Model> gy = test.Copy(y);

        ColumnScale.Forward(test.Cpu.Run, Into.Set, y.Data, x.Data, s.Data, 1, 33);
        ColumnScale.Forward(test.Run, Into.Set, gy.Data, test.Copy(x).Data, test.Copy(s).Data, 1, 33);

        test.Same(y, gy);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 41, 5)]
    [InlineData(2, 64, 8)]
    public void ColumnLookup_has_the_processors_bits(int sequences, int time, int height)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        const int width = KernelTest.Vocabulary;
        float* table = cpu.Floats(height * width), dtable = cpu.Floats(height * width);
        Numbers.Fill(new Span<float>(table, height * width), 1, 1);
        Numbers.Fill(new Span<float>(dtable, height * width), 2, 1);
        Act<Own> y = cpu.Empty<Own>(height), dy = cpu.Random<Own>(height, 3), gy = test.Copy(y);
        float* gdtable = test.Copy(dtable, height * width);

        ColumnLookup.Forward(cpu.Run, y.Data, cpu.Run.Tokens, table, height, width);
        ColumnLookup.AddGradient(cpu.Run, dtable, dy.Data, cpu.Run.Tokens, height, width);
        ColumnLookup.Forward(test.Run, gy.Data, test.Run.Tokens, test.Copy(table, height * width), height, width);
        ColumnLookup.AddGradient(test.Run, gdtable, test.Copy(dy).Data, test.Run.Tokens, height, width);

        test.Same(y, gy);
        Assert.Equal(new ReadOnlySpan<float>(dtable, height * width), test.Floats(gdtable, height * width));
    }

    [Theory]
    [InlineData(1, 0f, 0)]
    [InlineData(1027, 1f, 0)]
    [InlineData(20001, -0.5f, 1)]
    [InlineData(140000, 1f, 0)]
    public void InnerProduct_of_two_vectors_is_the_processors(int count, float origin, int offset)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        float* x = test.Cpu.Floats(count + offset), y = test.Cpu.Floats(count + offset);
        Numbers.Fill(new Span<float>(x, count + offset), 1, 1);
        Numbers.Fill(new Span<float>(y, count + offset), 2, 1);
        float* gx = test.Copy(x, count + offset) + offset, gy = test.Copy(y, count + offset) + offset;

        double expected = InnerProduct.Of(test.Cpu.Run, x + offset, origin, y + offset, count), actual = InnerProduct.Of(test.Run, gx, origin, gy, count);

        // Products and sums of floats in double, in another order.
        Assert.Equal(expected, actual, 1e-14 * count);
        Assert.Equal(actual, InnerProduct.Of(test.Run, gx, origin, gy, count));
    }

    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(2, 29, 37, 0)]
    [InlineData(2, 9, 1028, 0)]
    [InlineData(1, 9, 132, 2)]
    public void InnerProducts_of_rows_are_the_processors(int sequences, int time, int width, int offset)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        Act<Model> x = Shifted(test.Cpu, width, 1, offset), y = Shifted(test.Cpu, width, 2, offset), gx = Copy(test, x, offset), gy = Copy(test, y, offset);
        Act<One> t = test.Cpu.Empty<One>(1), gt = test.Copy(t);

        double expected = Pass(test.Cpu.Run, t, x, y), actual = Pass(test.Run, gt, gx, gy);

        test.Near(Tolerance, t, gt, "t");
        Assert.Equal(expected, actual, Tolerance * width * test.Cpu.Rows);

        static double Pass(Run run, Act<One> t, Act<Model> x, Act<Model> y)
        {
            InnerProduct.OfRows(run, Into.Set, t.Data, x.Data, y.Data, x.Width, x.Width);
            InnerProduct.OfRows(run, Into.Add, t.Data, x.Data, y.Data, x.Width, 0);
            return InnerProduct.Sum(run, t.Data);
        }
    }

    // Rows that begin anywhere, as what a method keeps behind something else.
    private static Act<Model> Shifted(KernelTest test, int width, int seed, int offset)
    {
        int count = test.Rows * width + offset;
        float* memory = test.Floats(count);
        Numbers.Fill(new Span<float>(memory, count), seed, 1);
        return new Act<Model>(memory + offset, width);
    }

    private static Act<Model> Copy(GpuTest test, Act<Model> act, int offset) =>
        new(test.Copy(act.Data - offset, (long)test.Cpu.Rows * act.Width + offset) + offset, act.Width);
}
