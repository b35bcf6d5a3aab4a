using BenchmarkDotNet.Attributes;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Benchmarks;

/// <summary>Each layer but the linear one, on four sequences of 256 tokens: width 768, 12 heads, inner width 2048, vocabulary 8192.</summary>
[MemoryDiagnoser]
public unsafe class LayerBenchmarks
{
    private const int Sequences = 4, Time = 256, Width = 768, Inner = 2048, Heads = 12, Vocabulary = 8192;

    private CpuDevice _cpu = null!;
    private Batch _batch = null!;
    private Run _run = null!;
    private Arena _arena = null!;
    private RmsNorm<Model> _norm = null!;
    private Embedding<Vocab, Model> _table = null!;
    private Rotary<Query> _rotary = null!;
    private CausalAttention<Query, KeyValue> _attention = null!;
    private Act<Model> _x, _y, _dx, _dy;
    private Act<One> _rstd, _losses;
    private Act<Ffn> _gate, _up, _act, _dgate, _dup;
    private Act<Query> _q, _mix, _dq, _dmix;
    private Act<KeyValue> _k, _v, _dk, _dv;
    private Act<Own> _lse, _dlse;
    private Act<Vocab> _logits;

    /// <summary>How many threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Makes the layers and fills the buffers.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _cpu = new CpuDevice(Threads);
        _batch = new Batch(Sequences, Time);
        _run = new Run(_cpu, _batch);
        var random = new Random(1);
        long[] ids = [.. Enumerable.Range(0, Sequences * Time).Select(_ => random.NextInt64(Vocabulary))];
        _batch.Fill(ids, [.. ids.Select(_ => 1L)], ids, Sequences, Time, Vocabulary);
        Widths widths = new Widths().Set<Model>(Width).Set<Ffn>(Inner).Set<Query>(Width).Set<KeyValue>(Width).Set<Vocab>(Vocabulary);
        ModelOptions options = new ModelOptions().Set(new RmsNormOptions(1e-5f)).Set(new RotaryAngles(Width / Heads, 10000, null))
            .Set(new AttentionOptions(Heads, Heads, Width / Heads));
        var scope = new Scope(new ModelSetup(widths, options, false, 0.02f, new Ones(), new NoPeftOptions()));
        _norm = new RmsNorm<Model>(scope);
        _table = new Embedding<Vocab, Model>(scope);
        _rotary = new Rotary<Query>(scope);
        _attention = new CausalAttention<Query, KeyValue>(scope);
        _arena = Arena.Create(_cpu, Purpose.Training, widths, Sequences, Time, Reserve);
    }

    /// <summary>Frees everything.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _arena.Dispose();
        _batch.Dispose();
        _cpu.Dispose();
    }

    /// <summary>y = w x rstd.</summary>
    [Benchmark]
    public void RmsNormForward() => RmsNorm.Forward(_run, _y, _rstd, _x, _norm);

    /// <summary>dx.</summary>
    [Benchmark]
    public void RmsNormBackward() => RmsNorm.BackwardSet(_run, _dx, _dy, _x, _rstd, _norm);

    /// <summary>y = silu(gate) up.</summary>
    [Benchmark]
    public void SwiGluForward() => SwiGlu.Forward(_run, _act, _gate, _up);

    /// <summary>dgate and dup.</summary>
    [Benchmark]
    public void SwiGluBackward() => SwiGlu.BackwardSet(_run, _dgate, _dup, _act, _gate, _up);

    /// <summary>y += x.</summary>
    [Benchmark]
    public void ResidualAdd() => Residual.Add(_run, _y, _x);

    /// <summary>Rows of the table.</summary>
    [Benchmark]
    public void EmbeddingForward() => Embedding.Forward(_run, _y, _run.Tokens, _table);

    /// <summary>The turn.</summary>
    [Benchmark]
    public void RotaryForward() => Rotary.Forward(_run, _dq, _q, _rotary);

    /// <summary>y = softmax(q k^T) v.</summary>
    [Benchmark]
    public void AttentionForward() => CausalAttention.Forward(_run, _mix, _lse, _q, _k, _v, _attention);

    /// <summary>dq, dk and dv.</summary>
    [Benchmark]
    public void AttentionBackward() => CausalAttention.BackwardSet(_run, _dq, _dk, _dv, _dmix, _mix, _q, _k, _v, _lse, _dlse, _attention);

    /// <summary>Losses alone.</summary>
    [Benchmark]
    public void CrossEntropyForward() => CrossEntropy.Forward(_run, _losses, _logits);

    /// <summary>Losses, and the gradient in the logits' place.</summary>
    [Benchmark]
    public void CrossEntropyForwardBackward() => CrossEntropy.ForwardBackward(_run, _losses, _logits, 1);

    private static void Fill<W>(Act<W> act, Arena arena) where W : IWidth
    {
        if (arena.Measuring)
            return;
        var random = new Random(1);
        foreach (ref float value in act.Rows(arena.Rows))
            value = random.NextSingle() - 0.5f;
    }

    private void Reserve(Arena arena)
    {
        _rotary.Reserve(arena);
        _attention.Reserve(arena);
        (_x, _y, _dx, _dy) = (arena.Scratch<Model>(), arena.Scratch<Model>(), arena.Scratch<Model>(), arena.Scratch<Model>());
        (_rstd, _losses) = (arena.Scratch<One>(), arena.Scratch<One>());
        (_gate, _up, _act) = (arena.Scratch<Ffn>(), arena.Scratch<Ffn>(), arena.Scratch<Ffn>());
        (_dgate, _dup) = (arena.Scratch<Ffn>(), arena.Scratch<Ffn>());
        (_q, _mix, _dq, _dmix) = (arena.Scratch<Query>(), arena.Scratch<Query>(), arena.Scratch<Query>(), arena.Scratch<Query>());
        (_k, _v, _dk, _dv) = (arena.Scratch<KeyValue>(), arena.Scratch<KeyValue>(), arena.Scratch<KeyValue>(), arena.Scratch<KeyValue>());
        (_lse, _dlse) = (arena.Scratch<Own>(Heads), arena.Scratch<Own>(Heads));
        _logits = arena.Scratch<Vocab>();
        Fill(_x, arena);
        Fill(_dy, arena);
        Fill(_gate, arena);
        Fill(_up, arena);
        Fill(_act, arena);
        Fill(_q, arena);
        Fill(_dmix, arena);
        Fill(_k, arena);
        Fill(_v, arena);
        Fill(_logits, arena);
    }

    /// <summary>A checkpoint whose weights are all one.</summary>
    private sealed class Ones : IWeightSource
    {
        public Weight Take(string name, ReadOnlySpan<long> shape)
        {
            long count = 1;
            foreach (long size in shape)
                count *= size;
            float[] ones = GC.AllocateUninitializedArray<float>((int)count, pinned: true);
            Array.Fill(ones, 1);
            return new Weight(name, ones, shape.ToArray());
        }
    }
}
