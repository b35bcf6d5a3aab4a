using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>
/// Kernels whose activations are BF16 on the GPU, all of them or only what is read or written, beside the processor's with the same numbers in F32. Each
/// result is rounded once, to the nearest, so it is off by half a unit of BF16, and by what the kernel is off in F32.
/// </summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class StoredActivationTests(GpuFixture fixture)
{
    // The largest of what other tests here allow these kernels in F32.
    private const double Tolerance = 2e-6;

    private delegate void Pass(Run run, Act<Model>[] y, Act<Model>[] x);

    /// <summary>In what inputs and results are stored, and elements of a row: a multiple of four, and none.</summary>
    public static TheoryData<DType, DType, int> Stored => new()
    {
        { DType.BF16, DType.BF16, 13 },
        { DType.BF16, DType.BF16, 24 },
        { DType.BF16, DType.F32, 24 },
        { DType.F32, DType.BF16, 24 },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void Norms_are_the_processors(DType inputs, DType results, int width)
    {
        Check("RmsNorm", inputs, results, [width], [width], test =>
        {
            RmsNorm<Model> norm = RmsNormTests.Norm(test.Cpu, width, DType.BF16, false, out _, out _);
            Act<One> rstd = test.Cpu.Empty<One>(1), grstd = test.Copy(rstd);
            return (run, y, x) => RmsNorm.Forward(run, y[0], Own(test, run, rstd, grstd), x[0], On(test, run, norm, norm.Weight));
        });
        foreach (Into into in (Into[])[Into.Set, Into.Add])
        {
            Check($"RmsNorm's dx, {into}", inputs, results, [width, width], [width], test =>
            {
                RmsNorm<Model> norm = RmsNormTests.Norm(test.Cpu, width, DType.BF16, false, out _, out _);
                Act<One> rstd = test.Cpu.Random<One>(1, 9), grstd = test.Copy(rstd);
                return (run, y, x) =>
                {
                    On(test, run, norm, norm.Weight);
                    if (into == Into.Set)
                        RmsNorm.BackwardSet(run, y[0], x[0], x[1], Own(test, run, rstd, grstd), norm);
                    else
                        RmsNorm.BackwardAdd(run, y[0], x[0], x[1], Own(test, run, rstd, grstd), norm);
                };
            });
        }
        Check("LayerNorm", inputs, results, [width], [width], test =>
        {
            LayerNorm<Model> norm = LayerNormTests.Norm(test.Cpu, width, DType.F32, false, out _, out _, out _);
            Act<One> mean = test.Cpu.Empty<One>(1), rstd = test.Cpu.Empty<One>(1), gmean = test.Copy(mean), grstd = test.Copy(rstd);
            return (run, y, x) => LayerNorm.Forward(
                run, y[0], Own(test, run, mean, gmean), Own(test, run, rstd, grstd), x[0], On(test, run, norm, norm.Weight, norm.Bias));
        });
        Check("LayerNorm's dx", inputs, results, [width, width], [width], test =>
        {
            LayerNorm<Model> norm = LayerNormTests.Norm(test.Cpu, width, DType.F32, false, out _, out _, out _);
            Act<One> mean = test.Cpu.Random<One>(1, 8), rstd = test.Cpu.Random<One>(1, 9), gmean = test.Copy(mean), grstd = test.Copy(rstd);
            return (run, y, x) => LayerNorm.BackwardAdd(
                run, y[0], x[0], x[1], Own(test, run, mean, gmean), Own(test, run, rstd, grstd), On(test, run, norm, norm.Weight, norm.Bias));
        });
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Kernels_of_elements_are_the_processors(DType inputs, DType results, int width)
    {
        Check("SwiGlu", inputs, results, [width, width], [width], (run, y, x) => SwiGlu.Forward(run, y[0], x[0], x[1]));
        Check("SwiGlu's gradients", inputs, results, [width, width, width], [width, width], (run, y, x) => SwiGlu.BackwardSet(run, y[0], y[1], x[0], x[1], x[2]));
        Check("SwiGlu's gradients, added", inputs, results, [width, width, width], [width, width], (run, y, x) => SwiGlu.BackwardAdd(run, y[0], y[1], x[0], x[1], x[2]));
        Check("GeGlu", inputs, results, [width, width], [width], (run, y, x) => GeGlu.Forward(run, y[0], x[0], x[1]));
        Check("GeGlu's gradients", inputs, results, [width, width, width], [width, width], (run, y, x) => GeGlu.BackwardAdd(run, y[0], y[1], x[0], x[1], x[2]));
        Check("FusedSwiGlu", inputs, results, [2 * width], [width], (run, y, x) => FusedSwiGlu.Forward(run, y[0], x[0]));
        Check("FusedSwiGlu's gradient", inputs, results, [width, 2 * width], [2 * width], (run, y, x) => FusedSwiGlu.BackwardAdd(run, y[0], x[0], x[1]));
        Check("Activation", inputs, results, [width], [width], (run, y, x) => Activation.Forward(run, ActivationFunction.Gelu, y[0].Data, x[0].Data, (long)run.Rows * width));
        Check("Activation's gradient", inputs, results, [width, width], [width], (run, y, x) =>
            Activation.Backward(run, ActivationFunction.Gelu, Into.Add, y[0].Data, x[0].Data, x[1].Data, (long)run.Rows * width));
        Check("Tanh", inputs, results, [width], [width], (run, y, x) => Tanh.Forward(run, y[0], x[0]));
        Check("Tanh's gradient", inputs, results, [width, width], [width], (run, y, x) => Tanh.BackwardAdd(run, y[0], x[0], x[1]));
        Check("Sum", inputs, results, [width, width], [width], (run, y, x) => Sum.Forward(run, y[0], x[0], x[1]));
        Check("Residual", inputs, results, [width], [width], (run, y, x) => Residual.Add(run, y[0], x[0]));
        Check("a copy", inputs, results, [width], [width], (run, y, x) => Residual.Set(run, y[0], x[0]));
        Check("Dropout", inputs, results, [width], [width], (run, y, x) => Dropout.Add(run, y[0].Data, x[0].Data, width, 0.3f, 1));
        Check("EmbeddingScale", inputs, results, [width], [width], test =>
        {
            EmbeddingScale<Model> scale = EmbeddingScaleTests.Layer(test.Cpu, width);
            return (run, y, x) => EmbeddingScale.BackwardAdd(run, y[0], x[0], scale);
        });
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void Kernels_of_rows_are_the_processors(DType inputs, DType results, int width)
    {
        Check("Embedding", inputs, results, [width], [width], test =>
        {
            Embedding<Vocab, Model> table = EmbeddingTests.Table(test.Cpu, width, DType.F32, false, out _, out _);
            return (run, y, x) => Embedding.Forward(run, y[0], run.Tokens, On(test, run, table, table.Weight));
        });
        Check("Embedding, added", inputs, results, [width], [width], test =>
        {
            Embedding<Vocab, Model> table = EmbeddingTests.Table(test.Cpu, width, DType.F32, false, out _, out _);
            return (run, y, x) => Embedding.Add(run, y[0].Data, x[0].Data, run.Tokens.Data, On(test, run, table, table.Weight).Weight, 0, width);
        });
        Check("Rotary", inputs, results, [2 * width + 2 * (width & 1)], [2 * width + 2 * (width & 1)], test =>
        {
            Rotary<Query> rotary = RotaryTests.Layer(test.Cpu, width + (width & 1), null, out Arena arena);
            return (run, y, x) =>
            {
                using Arena own = run == test.Run ? Arena.Create(test.Device, Purpose.Training, new Widths(), run.Batch.Sequences, run.Batch.Time, rotary.Reserve) : arena;
                Rotary.BackwardAdd(run, new Act<Query>(y[0].Data, y[0].Width), new Act<Query>(x[0].Data, x[0].Width), rotary);
                // Both arenas live until what was launched is done.
                run.Gpu?.Synchronize();
            };
        });
        Check("FirstToken's gradient", inputs, results, [width], [width], (run, y, x) => FirstToken.BackwardSet(run, y[0], x[0]));
        Check("fused heads apart", inputs, results, [8 * width], [4 * width, 2 * width, 2 * width], (run, y, x) =>
            FusedHeads.Split(run, y[0].Data, y[1].Data, y[2].Data, x[0].Data, 2, 4 * width, 2 * width));
        Check("fused heads together", inputs, results, [4 * width, 2 * width, 2 * width], [8 * width], (run, y, x) =>
            FusedHeads.Join(run, Into.Add, y[0].Data, x[0].Data, x[1].Data, x[2].Data, 2, 4 * width, 2 * width));
        Check("ColumnScale", inputs, results, [width], [width], test =>
        {
            Act<Model> s = test.Cpu.Random<Model>(width, 7), gs = test.Copy(s);
            return (run, y, x) => ColumnScale.Forward(run, Into.Add, y[0].Data, x[0].Data, Own(test, run, s, gs).Data, 0.5f, width);
        });
        Check("RowSum", inputs, results, [width], [width], test =>
        {
            Act<Model> b = test.Cpu.Random<Model>(width, 7), gb = test.Copy(b);
            return (run, y, x) => RowSum.Add(run, 0.25f, y[0].Data, Own(test, run, b, gb).Data, width);
        });
    }

    [Theory]
    [MemberData(nameof(Stored))]
    public void A_mixture_is_the_processors(DType inputs, DType results, int width)
    {
        const int experts = 5, perRow = 2;
        Check("weights", inputs, results, [experts], [perRow], test =>
        {
            TopExperts<Experts> choice = TopExpertsTests.Layer(test.Cpu, experts, perRow);
            return (run, y, x) => TopExperts.Forward(run, new Act<Chosen>(y[0].Data, perRow), Routes(test, run, perRow), new Act<Experts>(x[0].Data, experts), choice);
        });
        Check("the router's gradient", inputs, results, [perRow, perRow, experts], [experts], test =>
        {
            TopExperts<Experts> choice = TopExpertsTests.Layer(test.Cpu, experts, perRow);
            return (run, y, x) => TopExperts.BackwardSet(
                run, new Act<Experts>(y[0].Data, experts), new Act<Chosen>(x[0].Data, perRow), new Act<Chosen>(x[1].Data, perRow), Chosen(test, run, experts, perRow),
                new Act<Experts>(x[2].Data, experts), choice);
        });
        Check("Dispatch", inputs, results, [width], [perRow * width], test => (run, y, x) =>
            Dispatch.Forward(run, new Act<Routed<Model>>(y[0].Data, y[0].Width), x[0], Chosen(test, run, experts, perRow)));
        Check("Dispatch's gradient", inputs, results, [perRow * width], [width], test => (run, y, x) =>
            Dispatch.BackwardAdd(run, y[0], new Act<Routed<Model>>(x[0].Data, x[0].Width), Chosen(test, run, experts, perRow)));
        Check("Combine", inputs, results, [perRow * width, perRow], [width], test => (run, y, x) =>
            Combine.Forward(run, y[0], new Act<Routed<Model>>(x[0].Data, x[0].Width), new Act<Chosen>(x[1].Data, perRow), Chosen(test, run, experts, perRow)));
        Check("Combine's gradients", inputs, results, [width, perRow * width, perRow], [perRow * width, perRow], test => (run, y, x) => Combine.BackwardAdd(
            run, new Act<Routed<Model>>(y[0].Data, y[0].Width), new Act<Chosen>(y[1].Data, perRow), x[0], new Act<Routed<Model>>(x[1].Data, x[1].Width),
            new Act<Chosen>(x[2].Data, perRow), Chosen(test, run, experts, perRow)));
    }

    /// <summary>Attention by the kernels that round no factors, with a prefix, which is F32.</summary>
    [Theory]
    [MemberData(nameof(Stored))]
    public void Attention_is_the_processors(DType inputs, DType results, int width)
    {
        const int heads = 4, keyHeads = 2, prefixCount = 2;
        int size = width / 2, all = heads * size, own = keyHeads * size;
        Check("attention", inputs, results, [all, own, own], [all], test =>
        {
            CausalAttention<Query, KeyValue> attention = CausalAttentionTests.Layer(test.Cpu, heads, keyHeads, size);
            KeyValuePrefix prefix = PrefixAttentionTests.Prefix(test.Cpu, prefixCount, 1, own, out _);
            Act<Own> lse = test.Cpu.Empty<Own>(heads), glse = test.Copy(lse);
            return (run, y, x) => SoftmaxAttention.Forward(
                run, new Act<Query>(y[0].Data, all), Own(test, run, lse, glse), new Act<Query>(x[0].Data, all), new Act<KeyValue>(x[1].Data, own), new Act<KeyValue>(x[2].Data, own),
                attention, run == test.Run ? test.Copy(prefix) : prefix);
        });
        Check("attention's gradients", inputs, results, [all, own, own, all, all], [all, own, own], test =>
        {
            CausalAttention<Query, KeyValue> attention = CausalAttentionTests.Layer(test.Cpu, heads, keyHeads, size);
            KeyValuePrefix prefix = PrefixAttentionTests.Prefix(test.Cpu, prefixCount, 1, own, out _);
            Act<Own> lse = test.Cpu.Empty<Own>(heads), delta = test.Cpu.Empty<Own>(heads), gdelta = test.Copy(delta);
            Act<Query> unused = test.Cpu.Empty<Query>(all);
            return (run, y, x) =>
            {
                Act<Query> q = new(x[0].Data, all);
                Act<KeyValue> k = new(x[1].Data, own), v = new(x[2].Data, own);
                // The processor's pass is the first, and its lse is the GPU's too.
                if (run != test.Run)
                    SoftmaxAttention.Forward(run, unused, lse, q, k, v, attention, prefix);
                SoftmaxAttention.Backward(
                    run, Into.Add, new Act<Query>(y[0].Data, all), new Act<KeyValue>(y[1].Data, own), new Act<KeyValue>(y[2].Data, own), new Act<Query>(x[3].Data, all),
                    new Act<Query>(x[4].Data, all), q, k, v, run == test.Run ? test.Copy(lse) : lse, Own(test, run, delta, gdelta), attention, run == test.Run ? test.Copy(prefix) : prefix);
            };
        });
    }

    /// <summary>Sums over rows and columns, which are F32.</summary>
    [Theory]
    [InlineData(13)]
    [InlineData(24)]
    public void Sums_are_the_processors(int width)
    {
        Check("RmsNorm's dw", DType.BF16, DType.F32, [width, width], [width], test =>
        {
            RmsNorm<Model> norm = RmsNormTests.Norm(test.Cpu, width, DType.F32, true, out _, out Parameter? parameter);
            Act<One> rstd = test.Cpu.Random<One>(1, 9), grstd = test.Copy(rstd);
            return (run, y, x) =>
            {
                parameter!.Bind(null, y[0].Data);
                RmsNorm.BackwardWeights(run, x[0], x[1], Own(test, run, rstd, grstd), norm);
            };
        });
        Check("LayerNorm's dw", DType.BF16, DType.F32, [width, width], [width, width], test =>
        {
            LayerNorm<Model> norm = LayerNormTests.Norm(test.Cpu, width, DType.F32, true, out _, out _, out IReadOnlyList<Parameter> parameters);
            Act<One> mean = test.Cpu.Random<One>(1, 8), rstd = test.Cpu.Random<One>(1, 9), gmean = test.Copy(mean), grstd = test.Copy(rstd);
            return (run, y, x) =>
            {
                parameters[0].Bind(null, y[0].Data);
                parameters[1].Bind(null, y[1].Data);
                LayerNorm.BackwardWeights(run, x[0], x[1], Own(test, run, mean, gmean), Own(test, run, rstd, grstd), norm);
            };
        });
        Check("ds", DType.BF16, DType.F32, [width, width], [width], (run, y, x) => ColumnScale.BackwardScale(run, Into.Add, 2, y[0].Data, x[0].Data, x[1].Data, width));
        Check("db", DType.BF16, DType.F32, [width], [width], (run, y, x) => RowSum.AddGradient(run, -3, y[0].Data, x[0].Data, width));
        Check("inner products of rows", DType.BF16, DType.F32, [width, width], [1], (run, y, x) => InnerProduct.OfRows(run, Into.Add, y[0].Data, x[0].Data, x[1].Data, width, width));
        Check("an inner product", DType.BF16, DType.F32, [width, width], [1], test => (run, y, x) =>
        {
            float product = (float)InnerProduct.Of(run, x[0].Data, 0.5f, x[1].Data, (long)run.Rows * width);
            run.Device.Upload(new ReadOnlySpan<float>(ref product), y[0].Data);
        });
        Check("an embedding's gradient", DType.BF16, DType.F32, [width], [width * KernelTest.Vocabulary], (run, y, x) =>
            Embedding.AddGradient(run, y[0].Data, x[0].Data, run.Tokens.Data, width));
    }

    /// <summary>Four at a time and one at a time; a NaN stays one, whose bits are nobody's business.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(15)]
    public void Rounding_is_to_the_nearest_and_ties_to_even(int width)
    {
        float[] numbers =
        [
            1 + 1f / 256, 1 + 3f / 256, -1 - 1f / 256, -1 - 3f / 256, 1 + 1f / 256 + 1e-6f, 1 + 3f / 256 - 1e-6f, 0, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
            float.MaxValue, 1e-40f, -3e-39f, BitConverter.UInt32BitsToSingle(0xffffffff), 0.1f,
        ];
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        Act<Model> x = test.Cpu.Empty<Model>(width), y = test.Cpu.Empty<Model>(width);
        numbers.AsSpan(0, width).CopyTo(x.Row(0));
        Act<Model> gy = test.Copy(y, DType.BF16);

        Residual.Set(test.Run, gy, test.Copy(x));

        Assert.Equal(numbers[..width].Select(number => (float)(BFloat16)number), test.Floats(gy));
    }

    /// <summary>A kernel that takes floats alone is never launched on anything else.</summary>
    [Fact]
    public void A_view_of_floats_is_refused()
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        Act<Model> x = test.Copy(test.Cpu.Random<Model>(8, 1), DType.BF16);
        var e = Assert.Throws<InvalidOperationException>(() => test.Device.View(x.Data, 8));
        Assert.Equal("A kernel that reads floats alone was given activations in BF16.", e.Message);
    }

    private void Check(string what, DType inputs, DType results, int[] xs, int[] ys, Pass pass) => Check(what, inputs, results, xs, ys, _ => pass);

    private void Check(string what, DType inputs, DType results, int[] xs, int[] ys, Func<GpuTest, Pass> make)
    {
        using var test = new GpuTest(fixture, new KernelTest(3, [(0, 3), (1, 3)]));
        Act<Model>[] x = [.. xs.Select((width, number) => test.Cpu.Random<Model>(width, number + 1, 2))], y = [.. ys.Select((width, number) => test.Cpu.Random<Model>(width, 10 + number))];
        Act<Model>[] gx = [.. x.Select(act => test.Copy(act, inputs))], gy = [.. y.Select(act => test.Copy(act, results))];
        Pass pass = make(test);
        pass(test.Cpu.Run, y, x);
        pass(test.Run, gy, gx);
        for (int i = 0; i < y.Length; i++)
            test.NearStored(Tolerance, y[i], gy[i], $"{what}: {i}");
    }

    private static Ids<Routes> Routes(GpuTest test, Run run, int perRow)
    {
        Ids<Routes> routes = TopExpertsTests.Routes(test.Cpu, perRow);
        return run == test.Run ? new((int*)test.Copy((float*)routes.Data, (long)test.Cpu.Rows * routes.Width), routes.Width) : routes;
    }

    // Routes that random logits lead to.
    private static Ids<Routes> Chosen(GpuTest test, Run run, int experts, int perRow)
    {
        Act<Experts> logits = test.Cpu.Random<Experts>(experts, 6);
        Act<Chosen> weights = test.Cpu.Empty<Chosen>(perRow);
        Ids<Routes> routes = Routes(test, run, perRow);
        TopExperts.Forward(run, run == test.Run ? test.Copy(weights) : weights, routes, run == test.Run ? test.Copy(logits) : logits, TopExpertsTests.Layer(test.Cpu, experts, perRow));
        return routes;
    }

    // What a pass reads or writes beside activations, where it runs.
    private static Act<W> Own<W>(GpuTest test, Run run, Act<W> cpu, Act<W> gpu) where W : IWidth => run == test.Run ? gpu : cpu;

    private static TLayer On<TLayer>(GpuTest test, Run run, TLayer layer, params Weight[] weights)
    {
        if (run == test.Run)
            Array.ForEach(weights, test.Move);
        return layer;
    }
}
