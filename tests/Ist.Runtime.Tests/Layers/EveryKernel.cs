using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

/// <summary>Every launcher once, on a batch of awkward shape, large enough that all of them use several threads.</summary>
internal sealed unsafe class EveryKernel : IDisposable
{
    private const int Heads = 4, KeyHeads = 2, Size = 20, Width = Heads * Size, KeyWidth = KeyHeads * Size, Inner = 203, Vocabulary = KernelTest.Vocabulary;

    private readonly KernelTest _test;
    private readonly Arena _arena;
    private readonly Arena _interleavedArena;
    private readonly Arena _moments;
    private readonly List<(string Name, Action Launch)> _launches = [];
    private readonly List<(string Name, nint Data, int Count)> _outputs = [];

    public EveryKernel(int threads)
    {
        _test = new KernelTest(173, [(0, 173), (61, 173), (0, 90), (2, 171)], threads);
        Run run = _test.Run;
        RmsNorm<Model> norm = RmsNormTests.Norm(_test, Width, DType.F32, true, out _, out Parameter? normWeight);
        Linear<Model, Ffn> linear = LinearTests.Layer(_test, Width, Inner, DType.F32, true, out _, out Parameter? linearWeight);
        Linear<Model, Ffn> frozen = LinearTests.Layer(_test, Width, Inner, DType.BF16, false, out _, out _);
        BiasedLinear<Model, Ffn> biased = BiasedLinearTests.Layer(
            _test, Width, Inner, DType.F32, true, out _, out _, out IReadOnlyList<Parameter> biasedWeights);
        HeadRmsNorm<Query> headNorm = HeadRmsNormTests.Norm(_test, Heads, Size, DType.F32, true, out _, out Parameter? headNormWeight);
        LayerNorm<Model> layerNorm = LayerNormTests.Norm(_test, Width, DType.F32, true, out _, out _, out IReadOnlyList<Parameter> layerNormWeights);
        Conv1D<Model, Ffn> conv = Conv1DTests.Layer(_test, Width, Inner, DType.F32, true, out _, out _, out IReadOnlyList<Parameter> convWeights);
        PositionEmbedding<Model> positions = PositionEmbeddingTests.Table(_test, Width, 175, 2, DType.F32, true, out _, out Parameter? positionWeight);
        InterleavedRotary<Query> interleaved = InterleavedRotaryTests.Layer(_test, Size, 14, out _interleavedArena);
        SplitHeads<QueryKeyValue, Query, KeyValue> split = SplitHeadsTests.Layer(_test, Heads, Size);
        Activation<Ffn>[] activations = [.. Enum.GetValues<ActivationFunction>().Select(f => ActivationTests.Layer(_test, f))];
        Embedding<Vocab, Model> table = EmbeddingTests.Table(_test, Width, DType.F32, true, out _, out Parameter? tableWeight);
        CausalAttention<Query, KeyValue> attention = CausalAttentionTests.Layer(_test, Heads, KeyHeads, Size);
        CausalAttention<Query, KeyValue> windowed = CausalAttentionTests.Layer(_test, Heads, KeyHeads, Size, 50);
        CausalAttention<Query, KeyValue> bent = CausalAttentionTests.Layer(
            _test, new AttentionOptions(Heads, KeyHeads, Size) { Windows = [null, 70], Softcap = 2, Alibi = true });
        BidirectionalAttention<Query, KeyValue> bidirectional = BidirectionalAttentionTests.Layer(_test, new AttentionOptions(Heads, KeyHeads, Size));
        Rotary<Query> rotary = RotaryTests.Layer(_test, Size, null, out _arena);
        UnitOffsetRmsNorm<Model> offsetNorm = UnitOffsetRmsNormTests.Norm(_test, Width, DType.F32, true, out _, out Parameter? offsetNormWeight);
        EmbeddingScale<Model> embeddingScale = EmbeddingScaleTests.Layer(_test, Width);
        SoftCap<Vocab> softCap = SoftCapTests.Layer(_test, 2);
        const int experts = 5, perRow = 2;
        TopExperts<Experts> topExperts = TopExpertsTests.Layer(_test, experts, perRow, coefficient: 0.02f);
        ExpertLinear<Model, Ffn> expertLinear = MixtureTests.Layer(_test, experts, Width, Inner, true, out _, out IReadOnlyList<Parameter> expertWeights);
        Parameter[] parameters =
            [normWeight!, linearWeight!, tableWeight!, .. biasedWeights, headNormWeight!, offsetNormWeight!, .. layerNormWeights, .. convWeights, positionWeight!, .. expertWeights];
        var optimizer = new AdamW(0.01);
        _moments = Arena.Create(_test.Cpu, Purpose.Training, new Widths(), 1, 1, arena => optimizer.Reserve(arena, parameters));

        Act<Model> x = _test.Random<Model>(Width, 1), dy = _test.Random<Model>(Width, 2), y = Out<Model>("norm", Width), dx = Out<Model>("dnorm", Width);
        Act<One> rstd = _test.Empty<One>(1), losses = Out<One>("losses", 1);
        Act<Ffn> gate = Out<Ffn>("linear", Inner), up = Out<Ffn>("frozen linear", Inner), act = Out<Ffn>("swiglu", Inner);
        Act<Ffn> dgate = Out<Ffn>("dgate", Inner), dup = Out<Ffn>("dup", Inner);
        Act<Model> byLinear = Out<Model>("dlinear", Width), rows = Out<Model>("embedding", Width);
        Act<Query> q = _test.Random<Query>(Width, 3), turned = Out<Query>("rotary", Width), mix = Out<Query>("attention", Width);
        Act<Query> dq = Out<Query>("dq", Width), dmix = _test.Random<Query>(Width, 4), dturned = Out<Query>("drotary", Width);
        Act<KeyValue> k = _test.Random<KeyValue>(KeyWidth, 5), v = _test.Random<KeyValue>(KeyWidth, 6);
        Act<KeyValue> dk = Out<KeyValue>("dk", KeyWidth), dv = Out<KeyValue>("dv", KeyWidth);
        Act<Own> lse = Out<Own>("lse", Heads), dlse = _test.Empty<Own>(Heads), headRstd = _test.Empty<Own>(Heads);
        Act<Ffn> biasedResult = Out<Ffn>("biased linear", Inner);
        Act<Query> normed = Out<Query>("head norm", Width), dnormed = Out<Query>("dhead norm", Width), near = Out<Query>("windowed attention", Width);
        Act<Query> capped = Out<Query>("capped attention", Width), both = Out<Query>("bidirectional attention", Width), beside = Out<Query>("attention with a prefix", Width);
        KeyValuePrefix prefix = PrefixAttentionTests.Prefix(_test, 70, 0.5f, KeyWidth, out float* dprefix);
        _outputs.Add(("dprefix", (nint)dprefix, 70 * 2 * KeyWidth));
        Act<Model> scaled = Out<Model>("column scale", Width), scale = _test.Random<Model>(Width, 8), dscale = _test.Empty<Model>(Width);
        _outputs.Add(("dscale", (nint)dscale.Data, Width));
        Act<Own> lookedUp = _test.Random<Own>(KernelTest.Vocabulary, 9), dlookedUp = _test.Random<Own>(KernelTest.Vocabulary, 10), columns = Out<Own>("columns", 7);
        _outputs.Add(("looked-up gradient", (nint)dlookedUp.Data, 7 * KernelTest.Vocabulary));
        Act<Model> offsetNormed = Out<Model>("unit offset norm", Width), doffsetNormed = Out<Model>("dunit offset norm", Width);
        Act<Model> enlarged = Out<Model>("embedding scale", Width);
        Act<Ffn> geglu = Out<Ffn>("geglu", Inner), dgegate = Out<Ffn>("dgate of geglu", Inner), dgeup = Out<Ffn>("dup of geglu", Inner);
        Act<Model> layerNormed = Out<Model>("layer norm", Width), dlayerNormed = Out<Model>("dlayer norm", Width), placed = Out<Model>("positions", Width);
        Act<Model> sum = Out<Model>("sum", Width), dleft = Out<Model>("dleft", Width), dright = Out<Model>("dright", Width), dplaced = Out<Model>("dpositions", Width);
        Act<Ffn> conved = Out<Ffn>("conv", Inner);
        Act<QueryKeyValue> fused = _test.Random<QueryKeyValue>(3 * Width, 9), dfused = Out<QueryKeyValue>("dfused", 3 * Width);
        Act<Query> swapped = Out<Query>("interleaved rotary", Width), dswapped = Out<Query>("dinterleaved rotary", Width);
        Act<Query> splitQuery = Out<Query>("split query", Width);
        Act<KeyValue> splitKey = Out<KeyValue>("split key", Width), splitValue = Out<KeyValue>("split value", Width);
        Act<One> mean = Out<One>("mean", 1), layerRstd = Out<One>("rstd", 1);
        Act<Vocab> logits = Out<Vocab>("logits", Vocabulary);
        Numbers.Fill(logits.Rows(_test.Rows), 7, 3);
        Act<Experts> routerLogits = _test.Random<Experts>(experts, 9, 3), drouterLogits = Out<Experts>("drouter logits", experts);
        Act<Chosen> shares = Out<Chosen>("expert weights", perRow), dshares = Out<Chosen>("dexpert weights", perRow);
        Ids<Routes> routes = TopExpertsTests.Routes(_test, perRow);
        Act<Routed<Model>> copies = Out<Routed<Model>>("copies", perRow * Width), dcopies = Out<Routed<Model>>("dcopies", perRow * Width);
        Act<Routed<Ffn>> made = Out<Routed<Ffn>>("experts", perRow * Inner), dmade = Out<Routed<Ffn>>("dexperts", perRow * Inner);
        Act<Ffn> mixed = Out<Ffn>("combined", Inner);
        Act<Model> dispatched = Out<Model>("ddispatch", Width);
        Act<GateUp> gateUp = _test.Random<GateUp>(2 * Inner, 10, 3), dgateUp = Out<GateUp>("dfused swiglu", 2 * Inner);
        Act<Ffn> fusedAct = Out<Ffn>("fused swiglu", Inner);
        Act<Vocab> softCapped = Out<Vocab>("soft cap", Vocabulary), dcapped = Out<Vocab>("dsoft cap", Vocabulary);
        foreach (Parameter parameter in parameters)
        {
            _outputs.Add(($"gradient of {parameter.Shape.Count} dimensions", (nint)parameter.Gradient, (int)parameter.Count));
            _outputs.Add(($"value of {parameter.Shape.Count} dimensions", (nint)parameter.Value, (int)parameter.Count));
        }

        Add("RmsNorm.Forward", () => RmsNorm.Forward(run, y, rstd, x, norm));
        Add("RmsNorm.BackwardSet", () => RmsNorm.BackwardSet(run, dx, dy, x, rstd, norm));
        Add("RmsNorm.BackwardAdd", () => RmsNorm.BackwardAdd(run, dx, dy, x, rstd, norm));
        Add("RmsNorm.BackwardWeights", () => RmsNorm.BackwardWeights(run, dy, x, rstd, norm));
        Add("Linear.Forward", () => Linear.Forward(run, gate, x, linear));
        Add("Linear.Forward of BF16", () => Linear.Forward(run, up, x, frozen));
        Add("SwiGlu.Forward", () => SwiGlu.Forward(run, act, gate, up));
        Add("SwiGlu.BackwardSet", () => SwiGlu.BackwardSet(run, dgate, dup, act, gate, up));
        Add("SwiGlu.BackwardAdd", () => SwiGlu.BackwardAdd(run, dgate, dup, act, gate, up));
        Add("Linear.BackwardSet", () => Linear.BackwardSet(run, byLinear, dgate, linear));
        Add("Linear.BackwardAdd", () => Linear.BackwardAdd(run, byLinear, dup, frozen));
        Add("Linear.BackwardWeights", () => Linear.BackwardWeights(run, dgate, x, linear));
        Add("BiasedLinear.Forward", () => BiasedLinear.Forward(run, biasedResult, x, biased));
        Add("BiasedLinear.BackwardSet", () => BiasedLinear.BackwardSet(run, byLinear, dgate, biased));
        Add("BiasedLinear.BackwardAdd", () => BiasedLinear.BackwardAdd(run, byLinear, dgate, biased));
        Add("BiasedLinear.BackwardWeights", () => BiasedLinear.BackwardWeights(run, dgate, x, biased));
        Add("LayerNorm.Forward", () => LayerNorm.Forward(run, layerNormed, mean, layerRstd, x, layerNorm));
        Add("LayerNorm.BackwardSet", () => LayerNorm.BackwardSet(run, dlayerNormed, dy, x, mean, layerRstd, layerNorm));
        Add("LayerNorm.BackwardAdd", () => LayerNorm.BackwardAdd(run, dlayerNormed, dy, x, mean, layerRstd, layerNorm));
        Add("LayerNorm.BackwardWeights", () => LayerNorm.BackwardWeights(run, dy, x, mean, layerRstd, layerNorm));
        Add("Conv1D.Forward", () => Conv1D.Forward(run, conved, x, conv));
        Add("Conv1D.BackwardSet", () => Conv1D.BackwardSet(run, byLinear, conved, conv));
        Add("Conv1D.BackwardAdd", () => Conv1D.BackwardAdd(run, byLinear, conved, conv));
        Add("Conv1D.BackwardWeights", () => Conv1D.BackwardWeights(run, conved, x, conv));
        Add("PositionEmbedding.Forward", () => PositionEmbedding.Forward(run, placed, x, positions));
        Add("PositionEmbedding.BackwardSet", () => PositionEmbedding.BackwardSet(run, dplaced, dy));
        Add("PositionEmbedding.BackwardAdd", () => PositionEmbedding.BackwardAdd(run, dplaced, dy));
        Add("PositionEmbedding.BackwardWeights", () => PositionEmbedding.BackwardWeights(run, dy, positions));
        Add("InterleavedRotary.Forward", () => InterleavedRotary.Forward(run, swapped, q, interleaved));
        Add("InterleavedRotary.BackwardSet", () => InterleavedRotary.BackwardSet(run, dswapped, dmix, interleaved));
        Add("InterleavedRotary.BackwardAdd", () => InterleavedRotary.BackwardAdd(run, dswapped, dmix, interleaved));
        Add("SplitHeads.Forward", () => SplitHeads.Forward(run, splitQuery, splitKey, splitValue, fused, split));
        Add("SplitHeads.BackwardSet", () => SplitHeads.BackwardSet(run, dfused, splitQuery, splitKey, splitValue, split));
        Add("SplitQkv.Forward", () => SplitQkv.Forward(run, splitQuery, splitKey, splitValue, fused));
        Add("SplitQkv.BackwardAdd", () => SplitQkv.BackwardAdd(run, dfused, splitQuery, splitKey, splitValue));
        Add("Sum.Forward", () => Sum.Forward(run, sum, x, placed));
        Add("Sum.BackwardSet", () => Sum.BackwardSet(run, dleft, dright, dy));
        Add("Sum.BackwardAdd", () => Sum.BackwardAdd(run, dleft, dright, dy));
        foreach (Activation<Ffn> activation in activations)
        {
            Act<Ffn> activated = Out<Ffn>($"{activation.Function}", Inner), dactivated = Out<Ffn>($"d{activation.Function}", Inner);
            Add($"{activation.Function} forward", () => Activation.Forward(run, activated, conved, activation));
            Add($"{activation.Function} backward", () => Activation.BackwardSet(run, dactivated, gate, conved, activation));
            Add($"{activation.Function} backward, added", () => Activation.BackwardAdd(run, dactivated, gate, conved, activation));
        }
        Add("HeadRmsNorm.Forward", () => HeadRmsNorm.Forward(run, normed, headRstd, q, headNorm));
        Add("HeadRmsNorm.BackwardSet", () => HeadRmsNorm.BackwardSet(run, dnormed, dmix, q, headRstd, headNorm));
        Add("HeadRmsNorm.BackwardAdd", () => HeadRmsNorm.BackwardAdd(run, dnormed, dmix, q, headRstd, headNorm));
        Add("HeadRmsNorm.BackwardWeights", () => HeadRmsNorm.BackwardWeights(run, dmix, q, headRstd, headNorm));
        Add("UnitOffsetRmsNorm.Forward", () => UnitOffsetRmsNorm.Forward(run, offsetNormed, rstd, x, offsetNorm));
        Add("UnitOffsetRmsNorm.BackwardSet", () => UnitOffsetRmsNorm.BackwardSet(run, doffsetNormed, dy, x, rstd, offsetNorm));
        Add("UnitOffsetRmsNorm.BackwardAdd", () => UnitOffsetRmsNorm.BackwardAdd(run, doffsetNormed, dy, x, rstd, offsetNorm));
        Add("UnitOffsetRmsNorm.BackwardWeights", () => UnitOffsetRmsNorm.BackwardWeights(run, dy, x, rstd, offsetNorm));
        Add("EmbeddingScale.Forward", () => EmbeddingScale.Forward(run, enlarged, x, embeddingScale));
        Add("EmbeddingScale.BackwardAdd", () => EmbeddingScale.BackwardAdd(run, enlarged, dy, embeddingScale));
        Add("GeGlu.Forward", () => GeGlu.Forward(run, geglu, gate, up));
        Add("GeGlu.BackwardSet", () => GeGlu.BackwardSet(run, dgegate, dgeup, geglu, gate, up));
        Add("GeGlu.BackwardAdd", () => GeGlu.BackwardAdd(run, dgegate, dgeup, geglu, gate, up));
        Add("Residual.Add", () => Residual.Add(run, byLinear, x));
        Add("Embedding.Forward", () => Embedding.Forward(run, rows, run.Tokens, table));
        Add("Embedding.BackwardWeights", () => Embedding.BackwardWeights(run, byLinear, run.Tokens, table));
        Add("Rotary.Forward", () => Rotary.Forward(run, turned, q, rotary));
        Add("CausalAttention.Forward", () => CausalAttention.Forward(run, mix, lse, turned, k, v, attention));
        Add("CausalAttention.BackwardSet", () => CausalAttention.BackwardSet(run, dq, dk, dv, dmix, mix, turned, k, v, lse, dlse, attention));
        Add("CausalAttention.BackwardAdd", () => CausalAttention.BackwardAdd(run, dq, dk, dv, dmix, mix, turned, k, v, lse, dlse, attention));
        Add("CausalAttention.Forward with a window", () => CausalAttention.Forward(run, near, lse, turned, k, v, windowed));
        Add("CausalAttention.BackwardAdd with a window", () => CausalAttention.BackwardAdd(run, dq, dk, dv, dmix, near, turned, k, v, lse, dlse, windowed));
        Add("CausalAttention.Forward with a cap and slopes", () => CausalAttention.Forward(run, capped, lse, turned, k, v, bent));
        Add("CausalAttention.BackwardAdd with a cap and slopes", () => CausalAttention.BackwardAdd(run, dq, dk, dv, dmix, capped, turned, k, v, lse, dlse, bent));
        Add("BidirectionalAttention.Forward", () => BidirectionalAttention.Forward(run, both, lse, turned, k, v, bidirectional));
        Add("BidirectionalAttention.BackwardSet", () => BidirectionalAttention.BackwardSet(run, dq, dk, dv, dmix, both, turned, k, v, lse, dlse, bidirectional));
        Add("BidirectionalAttention.BackwardAdd", () => BidirectionalAttention.BackwardAdd(run, dq, dk, dv, dmix, both, turned, k, v, lse, dlse, bidirectional));
        Add("SoftmaxAttention.Forward with a prefix", () => SoftmaxAttention.Forward(run, beside, lse, turned, k, v, attention, prefix));
        Add("SoftmaxAttention.Backward with a prefix", () => SoftmaxAttention.Backward(run, Into.Set, dq, dk, dv, dmix, beside, turned, k, v, lse, dlse, attention, prefix));
        Add("Rotary.BackwardSet", () => Rotary.BackwardSet(run, dturned, dq, rotary));
        Add("Rotary.BackwardAdd", () => Rotary.BackwardAdd(run, dturned, dq, rotary));
        Add("ColumnScale.Forward", () => ColumnScale.Forward(run, Into.Set, scaled.Data, x.Data, scale.Data, 0.25f, Width));
        Add("ColumnScale.BackwardScale", () => ColumnScale.BackwardScale(run, Into.Set, 0.25f, dscale.Data, dy.Data, x.Data, Width));
        Add("FusedSwiGlu.Forward", () => FusedSwiGlu.Forward(run, fusedAct, gateUp));
        Add("FusedSwiGlu.BackwardSet", () => FusedSwiGlu.BackwardSet(run, dgateUp, fusedAct, gateUp));
        Add("FusedSwiGlu.BackwardAdd", () => FusedSwiGlu.BackwardAdd(run, dgateUp, fusedAct, gateUp));
        Add("TopExperts.Forward", () => TopExperts.Forward(run, shares, routes, routerLogits, topExperts));
        Add("Dispatch.Forward", () => Dispatch.Forward(run, copies, x, routes));
        Add("ExpertLinear.Forward", () => ExpertLinear.Forward(run, made, copies, routes, expertLinear));
        Add("Combine.Forward", () => Combine.Forward(run, mixed, made, shares, routes));
        Add("Combine.BackwardSet", () => Combine.BackwardSet(run, dmade, dshares, mixed, made, shares, routes));
        Add("ExpertLinear.BackwardSet", () => ExpertLinear.BackwardSet(run, dcopies, dmade, routes, expertLinear));
        Add("ExpertLinear.BackwardAdd", () => ExpertLinear.BackwardAdd(run, dcopies, dmade, routes, expertLinear));
        Add("ExpertLinear.BackwardWeights", () => ExpertLinear.BackwardWeights(run, dmade, copies, routes, expertLinear));
        Add("Dispatch.BackwardSet", () => Dispatch.BackwardSet(run, dispatched, dcopies, routes));
        Add("TopExperts.BackwardSet", () => TopExperts.BackwardSet(run, drouterLogits, dshares, shares, routes, routerLogits, topExperts));
        Add("RouterBalance.Value", () => _ = topExperts.Balance.Value);
        Add("ColumnLookup.Forward", () => ColumnLookup.Forward(run, columns.Data, run.Tokens, lookedUp.Data, 7, Vocabulary));
        Add("ColumnLookup.AddGradient", () => ColumnLookup.AddGradient(run, dlookedUp.Data, columns.Data, run.Tokens, 7, Vocabulary));
        Add("InnerProduct.OfRows", () => InnerProduct.OfRows(run, Into.Set, rstd.Data, x.Data, dy.Data, Width, Width));
        Add("InnerProduct.OfRows with one", () => InnerProduct.OfRows(run, Into.Add, rstd.Data, x.Data, scale.Data, Width, 0));
        Add("InnerProduct.Of", () => InnerProduct.Of(run, x.Data, 1, dy.Data, run.Rows * Width));
        Add("InnerProduct.Sum", () => InnerProduct.Sum(run, rstd.Data));
        Add("RowSum.Add", () => RowSum.Add(run, 0.25f, scaled.Data, scale.Data, Width));
        Add("RowSum.AddGradient", () => RowSum.AddGradient(run, 0.25f, dscale.Data, dy.Data, Width));
        Add("SoftCap.Forward", () => SoftCap.Forward(run, softCapped, logits, softCap));
        Add("SoftCap.BackwardSet", () => SoftCap.BackwardSet(run, dcapped, softCapped, logits, softCap));
        Add("SoftCap.BackwardAdd", () => SoftCap.BackwardAdd(run, dcapped, softCapped, logits, softCap));
        Add("CrossEntropy.Forward", () => CrossEntropy.Forward(run, losses, logits));
        Add("CrossEntropy.ForwardBackward", () => CrossEntropy.ForwardBackward(run, losses, logits, 0.1f));
        Add("CrossEntropy.Sum", () => CrossEntropy.Sum(run, losses));
        Add("GradientClipping.Clip", () => GradientClipping.Clip(run, parameters, 0.5));
        Add("AdamW.Step", () => optimizer.Step(run, parameters, 1e-3));
    }

    public IReadOnlyList<(string Name, Action Launch)> Launches => _launches;

    public IEnumerable<(string Name, float[] Values)> Outputs =>
        _outputs.Select(o => (o.Name, new ReadOnlySpan<float>((void*)o.Data, o.Count).ToArray()));

    public void Dispose()
    {
        _moments.Dispose();
        _interleavedArena.Dispose();
        _arena.Dispose();
        _test.Dispose();
    }

    private void Add(string name, Action launch) => _launches.Add((name, launch));

    private Act<W> Out<W>(string name, int width) where W : IWidth
    {
        Act<W> act = _test.Empty<W>(width);
        _outputs.Add((name, (nint)act.Data, _test.Rows * width));
        return act;
    }
}
