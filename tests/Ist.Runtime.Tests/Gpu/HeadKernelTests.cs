using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Kernels that take rows apart by heads or tokens, on the GPU beside the processor.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class HeadKernelTests(GpuFixture fixture)
{
    [Theory]
    [InlineData(2, 12, 8)]
    [InlineData(1, 2, 2)]
    [InlineData(3, 64, 64)]
    [InlineData(3, 15, 6)]
    public void InterleavedRotary_is_the_processors(int heads, int headSize, int turned)
    {
        using var test = new GpuTest(fixture, new KernelTest(7, [(0, 7), (3, 7), (0, 2)]));
        KernelTest cpu = test.Cpu;
        int width = heads * headSize;
        Act<Query> x = cpu.Random<Query>(width, 1), dx = cpu.Random<Query>(width, 2), y = cpu.Empty<Query>(width);
        (Act<Query> gx, Act<Query> gdx, Act<Query> gy) = (test.Copy(x), test.Copy(dx), test.Copy(y));
        InterleavedRotary<Query> rotary = InterleavedRotaryTests.Layer(cpu, headSize, turned, out Arena arena);
        Pass(cpu.Run, y, x, dx, rotary);
        arena.Dispose();

        using Arena onGpu = Arena.Create(test.Device, Purpose.Training, new Widths(), cpu.Batch.Sequences, cpu.Batch.Time, rotary.Reserve);
        Pass(test.Run, gy, gx, gdx, rotary);

        // Measured: 1.3e-7 of the largest entry.
        test.Near(5e-7, y, gy, "y");
        test.Near(5e-7, dx, gdx, "dx");

        static void Pass(Run run, Act<Query> y, Act<Query> x, Act<Query> dx, InterleavedRotary<Query> rotary)
        {
            InterleavedRotary.Forward(run, y, x, rotary);
            InterleavedRotary.BackwardAdd(run, dx, y, rotary);
            InterleavedRotary.BackwardSet(run, y, y, rotary);
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 5, 6, 2, 20)]
    [InlineData(2, 9, 4, 4, 37)]
    public void Fused_projections_are_split_and_joined_as_on_the_processor(int sequences, int time, int heads, int keyHeads, int size)
    {
        using var test = new GpuTest(fixture, new KernelTest(sequences, time));
        KernelTest cpu = test.Cpu;
        int width = heads * size, keyWidth = keyHeads * size, fusedWidth = width + 2 * keyWidth;
        SplitHeads<QueryKeyValue, Query, KeyValue> split = SplitHeadsTests.Layer(cpu, keyHeads, size);
        Act<QueryKeyValue> fused = cpu.Random<QueryKeyValue>(fusedWidth, 1), set = cpu.Empty<QueryKeyValue>(fusedWidth), gfused = test.Copy(fused), gset = test.Copy(set);
        Act<Query> q = cpu.Empty<Query>(width), gq = test.Copy(q);
        Act<KeyValue> k = cpu.Empty<KeyValue>(keyWidth), v = cpu.Empty<KeyValue>(keyWidth), gk = test.Copy(k), gv = test.Copy(v);

        Pass(cpu.Run, fused, set, q, k, v, split);
        Pass(test.Run, gfused, gset, gq, gk, gv, split);

        test.Same(fused, gfused);
        test.Same(set, gset);
        test.Same(q, gq);
        test.Same(k, gk);
        test.Same(v, gv);

        // What one layer takes apart the other puts together, so each element has moved.
        static void Pass(
            Run run, Act<QueryKeyValue> fused, Act<QueryKeyValue> set, Act<Query> q, Act<KeyValue> k, Act<KeyValue> v,
            SplitHeads<QueryKeyValue, Query, KeyValue> split)
        {
            SplitHeads.Forward(run, q, k, v, fused, split);
            SplitQkv.BackwardSet(run, set, q, k, v);
            SplitQkv.Forward(run, q, k, v, fused);
            SplitHeads.BackwardAdd(run, fused, q, k, v, split);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(132)]
    public void FirstToken_is_the_processors(int width)
    {
        using var test = new GpuTest(fixture, new KernelTest(7, [(0, 7), (3, 7), (6, 7)]));
        KernelTest cpu = test.Cpu;
        Act<Model> x = cpu.Random<Model>(width, 1), dx = cpu.Empty<Model>(width), y = cpu.Empty<Model>(width);
        (Act<Model> gx, Act<Model> gdx, Act<Model> gy) = (test.Copy(x), test.Copy(dx), test.Copy(y));

        FirstToken.Forward(cpu.Run, y, x);
        FirstToken.BackwardSet(cpu.Run, dx, y);
        FirstToken.Forward(test.Run, gy, gx);
        FirstToken.BackwardSet(test.Run, gdx, gy);

        test.Same(y, gy);
        test.Same(dx, gdx);
    }

    [Fact]
    public void Losses_of_sequences_are_the_processors()
    {
        using var test = new GpuTest(fixture, new KernelTest(4, 3));
        KernelTest cpu = test.Cpu;
        Act<Vocab> logits = cpu.Random<Vocab>(3, 1, 4), glogits = test.Copy(logits);
        Act<One> losses = cpu.Empty<One>(1), glosses = test.Copy(losses);
        long[] ones = [.. Enumerable.Repeat(1L, cpu.Rows)];
        cpu.Batch.FillClassified(ones, ones, [], [2, 0, Batch.Ignored, 1], 3, KernelTest.Vocabulary, 3);

        CrossEntropy.ForwardBackward(cpu.Run.BySequence, losses, logits, 0.3f);
        CrossEntropy.ForwardBackward(test.Run.BySequence, glosses, glogits, 0.3f);

        Numbers.Near(5e-7, Numbers.Doubles(losses.Rows(4)), Numbers.Doubles(test.Floats(glosses.Data, 4)), "losses");
        test.Near(5e-7, logits, glogits, "dlogits");
        Assert.Equal(CrossEntropy.Sum(cpu.Run.BySequence, losses), CrossEntropy.Sum(test.Run.BySequence, glosses), 1e-6);
    }
}
