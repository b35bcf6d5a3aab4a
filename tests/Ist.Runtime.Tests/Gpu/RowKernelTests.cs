using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Kernels that go over rows, on the GPU beside the processor, whose kernels are tested against references.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class RowKernelTests(GpuFixture fixture)
{
    // Measured: 2.3e-7 of the largest entry (dw over 132 rows).
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(1, 1, 16, DType.F32)]
    [InlineData(1, 3, 3, DType.F32)]
    [InlineData(2, 5, 7, DType.BF16)]
    [InlineData(3, 11, 97, DType.F16)]
    [InlineData(2, 9, 768, DType.BF16)]
    [InlineData(1, 5, 1028, DType.F16)]
    public void RmsNorm_is_the_processors(int sequences, int time, int width, DType dtype)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        RmsNorm<Model> norm = RmsNormTests.Norm(cpu, width, dtype, false, out _, out _);
        Act<Model> x = cpu.Random<Model>(width, 1, 3), dy = cpu.Random<Model>(width, 2), y = cpu.Empty<Model>(width), dx = cpu.Empty<Model>(width);
        Act<Model> added = cpu.Random<Model>(width, 3);
        Act<One> rstd = cpu.Empty<One>(1);
        (Act<Model> gx, Act<Model> gdy, Act<Model> gy, Act<Model> gdx, Act<Model> gadded) = (test.Copy(x), test.Copy(dy), test.Copy(y), test.Copy(dx), test.Copy(added));
        Act<One> grstd = test.Copy(rstd);
        RmsNorm.Forward(cpu.Run, y, rstd, x, norm);
        RmsNorm.BackwardSet(cpu.Run, dx, dy, x, rstd, norm);
        RmsNorm.BackwardAdd(cpu.Run, added, dy, x, rstd, norm);

        test.Move(norm.Weight);
        RmsNorm.Forward(test.Run, gy, grstd, gx, norm);
        RmsNorm.BackwardSet(test.Run, gdx, gdy, gx, grstd, norm);
        RmsNorm.BackwardAdd(test.Run, gadded, gdy, gx, grstd, norm);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, rstd, grstd, "rstd");
        test.Near(Tolerance, dx, gdx, "dx");
        test.Near(Tolerance, added, gadded, "added dx");
    }

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(2, 37, 97)]
    [InlineData(4, 33, 320)]
    public void RmsNorm_adds_up_the_weights_gradient(int sequences, int time, int width)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        RmsNorm<Model> norm = RmsNormTests.Norm(cpu, width, DType.F32, true, out _, out Parameter? parameter);
        Act<Model> x = cpu.Random<Model>(width, 1, 3), y = cpu.Empty<Model>(width), dy = cpu.Random<Model>(width, 2);
        Act<One> rstd = cpu.Empty<One>(1);
        RmsNorm.Forward(cpu.Run, y, rstd, x, norm);
        (Act<Model> gx, Act<Model> gdy, Act<One> grstd) = (test.Copy(x), test.Copy(dy), test.Copy(rstd));
        RmsNorm.BackwardWeights(cpu.Run, dy, x, rstd, norm);
        RmsNorm.BackwardWeights(cpu.Run, dy, x, rstd, norm);
        double[] expected = Numbers.Doubles(new ReadOnlySpan<float>(parameter!.Gradient, width));
        new Span<float>(parameter.Gradient, width).Clear();

        test.Move(parameter);
        RmsNorm.BackwardWeights(test.Run, gdy, gx, grstd, norm);
        RmsNorm.BackwardWeights(test.Run, gdy, gx, grstd, norm);

        Numbers.Near(Tolerance, expected, Numbers.Doubles(test.Floats(parameter.Gradient, width)), "dw");
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 7, 13)]
    [InlineData(2, 33, 64)]
    public void Residual_and_SwiGlu_are_the_processors(int sequences, int time, int width)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        Act<Ffn> gate = cpu.Random<Ffn>(width, 1, 9), up = cpu.Random<Ffn>(width, 2), dy = cpu.Random<Ffn>(width, 3), y = cpu.Empty<Ffn>(width);
        Act<Ffn> dgate = cpu.Empty<Ffn>(width), dup = cpu.Empty<Ffn>(width);
        (Act<Ffn> ggate, Act<Ffn> gup, Act<Ffn> gdy, Act<Ffn> gy) = (test.Copy(gate), test.Copy(up), test.Copy(dy), test.Copy(y));
        (Act<Ffn> gdgate, Act<Ffn> gdup) = (test.Copy(dgate), test.Copy(dup));

        Pass(cpu.Run, y, gate, up, dy, dgate, dup);
        Pass(test.Run, gy, ggate, gup, gdy, gdgate, gdup);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, dgate, gdgate, "dgate");
        test.Near(Tolerance, dup, gdup, "dup");

        static void Pass(Run run, Act<Ffn> y, Act<Ffn> gate, Act<Ffn> up, Act<Ffn> dy, Act<Ffn> dgate, Act<Ffn> dup)
        {
            SwiGlu.Forward(run, y, gate, up);
            SwiGlu.BackwardSet(run, dgate, dup, dy, gate, up);
            SwiGlu.BackwardAdd(run, dgate, dup, dy, gate, up);
            Residual.Add(run, y, up);
            Residual.Set(run, dup, dup);
        }
    }

    [Theory]
    [InlineData(12, null)]
    [InlineData(64, null)]
    [InlineData(20, 14)]
    public void Rotary_is_the_processors(int headSize, int? turned)
    {
        using var test = new GpuTest(fixture, new KernelTest(7, [(0, 7), (3, 7), (0, 2)]));
        KernelTest cpu = test.Cpu;
        int width = 3 * headSize;
        Act<Query> x = cpu.Random<Query>(width, 1), dx = cpu.Random<Query>(width, 2), y = cpu.Empty<Query>(width);
        (Act<Query> gx, Act<Query> gdx, Act<Query> gy) = (test.Copy(x), test.Copy(dx), test.Copy(y));
        Rotary<Query> rotary = RotaryTests.Layer(cpu, headSize, null, out Arena arena, turned);
        Pass(cpu.Run, y, x, dx, rotary);
        arena.Dispose();

        using Arena onGpu = Arena.Create(test.Device, Purpose.Training, new Widths(), cpu.Batch.Sequences, cpu.Batch.Time, rotary.Reserve);
        Pass(test.Run, gy, gx, gdx, rotary);

        test.Near(Tolerance, y, gy, "y");
        test.Near(Tolerance, dx, gdx, "dx");

        static void Pass(Run run, Act<Query> y, Act<Query> x, Act<Query> dx, Rotary<Query> rotary)
        {
            Rotary.Forward(run, y, x, rotary);
            Rotary.BackwardAdd(run, dx, y, rotary);
            Rotary.BackwardSet(run, y, y, rotary);
        }
    }

    [Theory]
    [InlineData(DType.F32, 13)]
    [InlineData(DType.BF16, 64)]
    [InlineData(DType.F16, 5)]
    public void Embedding_is_the_processors(DType dtype, int width)
    {
        using var test = new GpuTest(fixture, new KernelTest(3, 21));
        KernelTest cpu = test.Cpu;
        Embedding<Vocab, Model> table = EmbeddingTests.Table(cpu, width, dtype, false, out _, out _);
        Embedding<Vocab, Model> trained = EmbeddingTests.Table(cpu, width, DType.F32, true, out _, out Parameter? parameter);
        Act<Model> y = cpu.Empty<Model>(width), dy = cpu.Random<Model>(width, 1), gy = test.Copy(y), gdy = test.Copy(dy);
        Embedding.Forward(cpu.Run, y, cpu.Run.Tokens, table);
        Embedding.BackwardWeights(cpu.Run, dy, cpu.Run.Tokens, trained);
        float[] expected = new ReadOnlySpan<float>(parameter!.Gradient, (int)parameter.Count).ToArray();
        new Span<float>(parameter.Gradient, (int)parameter.Count).Clear();

        test.Move(table.Weight);
        test.Move(parameter);
        Embedding.Forward(test.Run, gy, test.Run.Tokens, table);
        Embedding.BackwardWeights(test.Run, gdy, test.Run.Tokens, trained);

        Assert.Equal(cpu.Doubles(y), Numbers.Doubles(test.Floats(gy)));
        Assert.Equal(expected, test.Floats(parameter.Gradient, parameter.Count));
    }

    [Theory]
    [InlineData(DType.F32, 13)]
    [InlineData(DType.F16, 64)]
    public void PositionEmbedding_is_the_processors(DType dtype, int width)
    {
        using var test = new GpuTest(fixture, new KernelTest(9, [(0, 9), (4, 9)]));
        KernelTest cpu = test.Cpu;
        PositionEmbedding<Model> table = PositionEmbeddingTests.Table(cpu, width, 11, 2, dtype, false, out _, out _);
        Act<Model> x = cpu.Random<Model>(width, 1), y = cpu.Empty<Model>(width), gx = test.Copy(x), gy = test.Copy(y);
        PositionEmbedding.Forward(cpu.Run, y, x, table);

        test.Move(table.Weight);
        PositionEmbedding.Forward(test.Run, gy, gx, table);

        Assert.Equal(cpu.Doubles(y), Numbers.Doubles(test.Floats(gy)));
    }

    [Theory]
    [InlineData(1, 1, 37, 1)]
    [InlineData(2, 9, 1000, 20)]
    [InlineData(2, 9, 1003, 1)]
    [InlineData(1, 5, 9001, 2)]
    public void CrossEntropy_is_the_processors(int sequences, int time, int classes, int size)
    {
        using var test = new GpuTest(fixture, new KernelTest(time, [.. Enumerable.Repeat((0, time), sequences - 1), (0, Math.Max(1, time - 2))]));
        KernelTest cpu = test.Cpu;
        Act<Vocab> logits = cpu.Random<Vocab>(classes, 1, size), glogits = test.Copy(logits);
        Act<One> losses = cpu.Empty<One>(1), glosses = test.Copy(losses);
        CrossEntropy.Forward(test.Run, glosses, glogits);
        CrossEntropy.Forward(cpu.Run, losses, logits);
        test.Near(Tolerance, losses, glosses, "losses alone");

        CrossEntropy.ForwardBackward(cpu.Run, losses, logits, 0.3f);
        CrossEntropy.ForwardBackward(test.Run, glosses, glogits, 0.3f);

        test.Near(Tolerance, losses, glosses, "losses");
        test.Near(Tolerance, logits, glogits, "dlogits");
        Assert.Equal(CrossEntropy.Sum(cpu.Run, losses), CrossEntropy.Sum(test.Run, glosses), 1e-4);
    }

    /// <summary>All that some threads have, and the rest of a row that others have.</summary>
    [Fact]
    public void CrossEntropy_counts_nothing_of_infinitely_small_logits()
    {
        const int classes = 30;
        using var test = new GpuTest(fixture, new KernelTest(1, 3));
        KernelTest cpu = test.Cpu;
        Act<Vocab> logits = cpu.Random<Vocab>(classes, 1, 3);
        for (int row = 0; row < cpu.Rows; row++)
        {
            int target = cpu.Run.Batch.Targets[row];
            for (int i = 0; i < classes; i++)
            {
                if ((i < 12 || i > 26) && i != target)
                    logits.Data[row * classes + i] = float.NegativeInfinity;
            }
        }
        Act<Vocab> glogits = test.Copy(logits);
        Act<One> losses = cpu.Empty<One>(1), glosses = test.Copy(losses);
        CrossEntropy.ForwardBackward(cpu.Run, losses, logits, 0.3f);
        CrossEntropy.ForwardBackward(test.Run, glosses, glogits, 0.3f);

        test.Near(Tolerance, losses, glosses, "losses");
        test.Near(Tolerance, logits, glogits, "dlogits");
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1030, 0)]
    [InlineData(1031, 1)]
    public void Dropout_drops_the_same_elements(int count, int offset)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1) { Run = { Seed = 7, Step = 3, MicroBatch = 2 } });
        float* x = test.Cpu.Floats(count + offset), y = test.Cpu.Floats(count + offset);
        Numbers.Fill(new Span<float>(x, count + offset), 1, 1);
        float* gx = test.Copy(x, count + offset), gy = test.Copy(y, count + offset);

        Dropout.Set(test.Cpu.Run, y + offset, x + offset, count, 0.3f, 5);
        Dropout.Add(test.Cpu.Run, y + offset, x + offset, count, 0.6f, 6);
        Dropout.Set(test.Run, gy + offset, gx + offset, count, 0.3f, 5);
        Dropout.Add(test.Run, gy + offset, gx + offset, count, 0.6f, 6);

        Assert.Equal(new ReadOnlySpan<float>(y, count + offset), test.Floats(gy, count + offset));
    }
}
