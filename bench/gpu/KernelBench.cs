using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Numerics;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.GpuBench;

/// <summary>Kernels on a batch of a shape, each with the bytes that it must move and the operations that it must do.</summary>
internal sealed unsafe class KernelBench : IDisposable
{
    private readonly IlgpuDevice _device;
    private readonly BenchShape _shape;
    private readonly Batch _batch;
    private readonly Run _run;
    private readonly RmsNorm<Model> _norm;
    private readonly CausalAttention<Query, KeyValue> _attention;
    private readonly Arena _arena;
    private readonly float* _normWeight;
    private readonly void* _square;
    private readonly void* _wide;
    private readonly float* _adapter;
    private readonly float* _stored;
    private Act<Model> _x, _y, _dx, _dy;
    private Act<One> _rstd;
    private Act<Ffn> _gate, _up, _act, _dgate, _dup;
    private Act<Query> _q, _mix, _dq, _dmix;
    private Act<KeyValue> _k, _v, _dk, _dv;
    private Act<Own> _lse, _dlse;

    public KernelBench(IlgpuDevice device, BenchShape shape)
    {
        (_device, _shape) = (device, shape);
        _batch = new Batch(shape.Rows, shape.Length);
        var random = new Random(1);
        long[] ids = [.. Enumerable.Range(0, shape.Rows * shape.Length).Select(_ => random.NextInt64(shape.Vocabulary))];
        _batch.Fill(ids, [.. ids.Select(_ => 1L)], ids, shape.Rows, shape.Length, shape.Vocabulary);
        _run = new Run(device, _batch);
        Widths widths = new Widths().Set<Model>(shape.Hidden).Set<Ffn>(shape.Intermediate).Set<Query>(shape.Hidden).Set<KeyValue>(shape.KeyValueHeads * shape.HeadSize);
        ModelOptions options = new ModelOptions().Set(new RmsNormOptions(1e-5f)).Set(new AttentionOptions(shape.Heads, shape.KeyValueHeads, shape.HeadSize));
        var scope = new Scope(new ModelSetup(widths, options, false, 0.02f, new Ones(), new NoPeftOptions()));
        _norm = new RmsNorm<Model>(scope);
        _attention = new CausalAttention<Query, KeyValue>(scope);
        _arena = Arena.Create(device, Purpose.Training, widths, shape.Rows, shape.Length, Reserve);
        _normWeight = Random(shape.Hidden);
        _norm.Weight.Reside(_normWeight);
        _square = RandomBFloat16((long)shape.Hidden * shape.Hidden);
        _wide = RandomBFloat16((long)shape.Hidden * shape.Intermediate);
        _adapter = Random((long)shape.Intermediate * BenchShape.Rank);
        _stored = BFloat16Address.Of(RandomBFloat16((long)Rows * shape.Intermediate));
    }

    private int Rows => _shape.Rows * _shape.Length;

    private double Values => (double)Rows * _shape.Hidden;

    private double Inner => (double)Rows * _shape.Intermediate;

    private double KeyValues => (double)Rows * _shape.KeyValueHeads * _shape.HeadSize;

    /// <summary>Operations of a product of queries and keys of which half is masked.</summary>
    private double Attended => (double)_shape.Rows * _shape.Length * _shape.Length * _shape.Hidden;

    /// <summary>Kernels that are the same in every precision.</summary>
    public IEnumerable<KernelCase> Kernels =>
    [
        new("RmsNorm forward", 2 * 4 * Values, 0, () => RmsNorm.Forward(_run, _y, _rstd, _x, _norm)),
        new("RmsNorm backward", 3 * 4 * Values, 0, () => RmsNorm.BackwardSet(_run, _dx, _dy, _x, _rstd, _norm)),
        new("Residual", 3 * 4 * Values, 0, () => Residual.Add(_run, _y, _x)),
        new("SwiGlu forward", 3 * 4 * Inner, 0, () => SwiGlu.Forward(_run, _act, _gate, _up)),
        new("SwiGlu backward", 5 * 4 * Inner, 0, () => SwiGlu.BackwardSet(_run, _dgate, _dup, _act, _gate, _up)),
        Product("x A^T of LoRA", _mix.Data, MatrixOperand.Plain(_x.Data, _shape.Hidden), MatrixOperand.Transposed(_adapter, _shape.Hidden), BenchShape.Rank, _shape.Hidden, WorkKind.Adapters),
        Product("h B^T of LoRA", _y.Data, MatrixOperand.Plain(_mix.Data, BenchShape.Rank), MatrixOperand.Transposed(_adapter, BenchShape.Rank), _shape.Hidden, BenchShape.Rank, WorkKind.Adapters),
        Product("dh^T x of LoRA", _dx.Data, MatrixOperand.Transposed(_mix.Data, BenchShape.Rank), MatrixOperand.Plain(_x.Data, _shape.Hidden), BenchShape.Rank, _shape.Hidden, Rows, WorkKind.Adapters),
        Product("y += h B^T, wide", Into.Add, _gate.Data, MatrixOperand.Plain(_mix.Data, BenchShape.Rank), MatrixOperand.Transposed(_adapter, BenchShape.Rank), Rows, _shape.Intermediate, BenchShape.Rank, WorkKind.Adapters),
        Product("y += h B^T, y in BF16", Into.Add, _stored, MatrixOperand.Plain(_mix.Data, BenchShape.Rank), MatrixOperand.Transposed(_adapter, BenchShape.Rank), Rows, _shape.Hidden, BenchShape.Rank, WorkKind.Adapters),
        Product("the same, wide", Into.Add, _stored, MatrixOperand.Plain(_mix.Data, BenchShape.Rank), MatrixOperand.Transposed(_adapter, BenchShape.Rank), Rows, _shape.Intermediate, BenchShape.Rank, WorkKind.Adapters),
        Product("x A^T, x in BF16", _mix.Data, MatrixOperand.Plain(_stored, _shape.Hidden), MatrixOperand.Transposed(_adapter, _shape.Hidden), BenchShape.Rank, _shape.Hidden, WorkKind.Adapters),
        Product("dy B, dy in BF16, wide", _mix.Data, MatrixOperand.Plain(_stored, _shape.Intermediate), MatrixOperand.Plain(_adapter, BenchShape.Rank), BenchShape.Rank, _shape.Intermediate, WorkKind.Adapters),
        Product("dh^T x, x in BF16", _dx.Data, MatrixOperand.Transposed(_mix.Data, BenchShape.Rank), MatrixOperand.Plain(_stored, _shape.Hidden), BenchShape.Rank, _shape.Hidden, Rows, WorkKind.Adapters),
        Product("dy^T h, dy in BF16, wide", _dx.Data, MatrixOperand.Transposed(_stored, _shape.Intermediate), MatrixOperand.Plain(_mix.Data, BenchShape.Rank), _shape.Intermediate, BenchShape.Rank, Rows, WorkKind.Adapters),
    ];

    /// <summary>Kernels that a precision changes, and a library: products by weights in BF16, and attention.</summary>
    /// <param name="precision">How factors are rounded.</param>
    public IEnumerable<KernelCase> InPrecision(Precision precision)
    {
        _run.Precision = precision;
        return
        [
            new("attention forward", 4 * (2 * Values + 2 * KeyValues), 2 * Attended, () => CausalAttention.Forward(_run, _mix, _lse, _q, _k, _v, _attention)),
            new("attention backward", 4 * (4 * Values + 4 * KeyValues), 5 * Attended,
                () => CausalAttention.BackwardSet(_run, _dq, _dk, _dv, _dmix, _mix, _q, _k, _v, _lse, _dlse, _attention)),
            ByWeight("x W^T, square", _y, _x, _square),
            ByWeight("x W^T, wide", _gate, _x, _wide),
            ByWeight("x W^T, narrow", _y, _act, _wide),
            Product("dy W, wide", _dx.Data, MatrixOperand.Plain(_dgate.Data, _shape.Intermediate), new MatrixOperand(_wide, DType.BF16, _shape.Hidden, 1), _shape.Hidden, _shape.Intermediate, WorkKind.Weights),
            Product("x W^T, wide, one row", _gate.Data, MatrixOperand.Plain(_x.Data, _shape.Hidden), new MatrixOperand(_wide, DType.BF16, 1, _shape.Hidden), 1, _shape.Intermediate, _shape.Hidden, WorkKind.Weights),
        ];
    }

    public void Dispose()
    {
        foreach (nint memory in (nint[])[(nint)_normWeight, (nint)_square, (nint)_wide, (nint)_adapter, (nint)BFloat16Address.Real(_stored)])
            _device.Free((void*)memory);
        _arena.Dispose();
        _batch.Dispose();
    }

    private KernelCase ByWeight<TOut, TIn>(string name, Act<TOut> y, Act<TIn> x, void* w) where TOut : IWidth where TIn : IWidth =>
        Product(name, y.Data, MatrixOperand.Plain(x.Data, x.Width), new MatrixOperand(w, DType.BF16, 1, x.Width), y.Width, x.Width, WorkKind.Weights);

    private KernelCase Product(string name, float* c, MatrixOperand a, MatrixOperand b, int n, int k, WorkKind kind) => Product(name, c, a, b, Rows, n, k, kind);

    private KernelCase Product(string name, float* c, MatrixOperand a, MatrixOperand b, int m, int n, int k, WorkKind kind) => Product(name, Into.Set, c, a, b, m, n, k, kind);

    private KernelCase Product(string name, Into into, float* c, MatrixOperand a, MatrixOperand b, int m, int n, int k, WorkKind kind)
    {
        JobWork work = MatrixProduct.Work(into, c, m, n, k, a, b);
        return new(name, work.Bytes, work.Operations, () => MatrixProduct.Multiply(_run, into, 1, c, n, m, n, k, a, b, kind));
    }

    private void* RandomBFloat16(long count)
    {
        var random = new Random(1);
        ushort[] values = new ushort[count];
        foreach (ref ushort value in values.AsSpan())
            value = (ushort)(BitConverter.SingleToUInt32Bits(random.NextSingle() - 0.5f) >> 16);
        void* memory = _device.Allocate(count * sizeof(ushort));
        fixed (ushort* from = values)
            _device.Upload(from, memory, count * sizeof(ushort));
        return memory;
    }

    private float* Random(long count)
    {
        float* memory = (float*)_device.Allocate(count * sizeof(float));
        Fill(memory, count);
        return memory;
    }

    private void Fill(float* to, long count)
    {
        var random = new Random(1);
        float[] values = new float[count];
        foreach (ref float value in values.AsSpan())
            value = random.NextSingle() - 0.5f;
        _device.Upload(values, to);
    }

    private Act<W> Filled<W>(Arena arena) where W : IWidth
    {
        Act<W> act = arena.Scratch<W>();
        if (!arena.Measuring)
            Fill(act.Data, (long)Rows * act.Width);
        return act;
    }

    private void Reserve(Arena arena)
    {
        _attention.Reserve(arena);
        (_x, _y, _dx, _dy, _rstd) = (Filled<Model>(arena), Filled<Model>(arena), Filled<Model>(arena), Filled<Model>(arena), Filled<One>(arena));
        (_gate, _up, _act, _dgate, _dup) = (Filled<Ffn>(arena), Filled<Ffn>(arena), Filled<Ffn>(arena), Filled<Ffn>(arena), Filled<Ffn>(arena));
        (_q, _mix, _dq, _dmix) = (Filled<Query>(arena), Filled<Query>(arena), Filled<Query>(arena), Filled<Query>(arena));
        (_k, _v, _dk, _dv) = (Filled<KeyValue>(arena), Filled<KeyValue>(arena), Filled<KeyValue>(arena), Filled<KeyValue>(arena));
        (_lse, _dlse) = (arena.Scratch<Own>(_shape.Heads), arena.Scratch<Own>(_shape.Heads));
    }

    /// <summary>A checkpoint whose weights are all one.</summary>
    private sealed class Ones : IWeightSource
    {
        public Weight Take(string name, ReadOnlySpan<long> shape)
        {
            float[] ones = GC.AllocateUninitializedArray<float>((int)shape[0], pinned: true);
            Array.Fill(ones, 1);
            return new Weight(name, ones, shape.ToArray());
        }
    }
}
