using System.Runtime.Intrinsics;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// The norms n of the rows of W + s B A in one slot, and what follows from them. They come without W + s B A ever being made:
/// n^2 = ||W||^2 + 2 s B (A W^T) + s^2 B (A A^T) B^T for each row, of which ||W||^2 is computed once, A W^T and A A^T when A has
/// changed (never in a generation, nor in a layer that was not trained), and the rest in each pass. On a GPU, where the host would
/// wait to learn of a change, all but ||W||^2 is computed in each pass. A row of norm 0 gives nothing, whatever its magnitude: 1 / n
/// counts as 0.
/// </summary>
internal sealed unsafe partial class DoraNorm(LowRank update, Parameter magnitude) : IReserving, IScaleGradient
{
    private readonly int _rank = update.Rank;
    private readonly int _inputs = update.Inputs;
    private readonly int _outputs = update.Outputs;
    private void* _weight;
    private float* _squares;
    private float* _inverse;
    private float* _slopes;
    private float* _a;
    private float* _aw;
    private float* _aa;
    private float* _sums;
    private float* _products;

    /// <summary>g = m / n, [out].</summary>
    public float* Ratio { get; private set; }

    /// <summary>g - 1, [out].</summary>
    public float* Excess { get; private set; }

    /// <summary>diag(g) B, [out, r].</summary>
    public float* ScaledB { get; private set; }

    /// <summary>The norms of the rows of W, which the magnitude begins with.</summary>
    public static void OfRows<I, O>(Linear<I, O> host, Span<float> norms) where I : IWidth where O : IWidth
    {
        Weight weight = host.Weight;
        float[] row = new float[weight.Shape[1]];
        norms.Clear();
        for (int r = 0; r < weight.Shape[0]; r++)
        {
            WidenRow(weight.OnHost, weight.DType, r, row);
            if (host.FanInFanOut)
                AddSquares(row, norms);
            else
                norms[r] = SquaresOf(row);
        }
        foreach (ref float norm in norms)
            norm = MathF.Sqrt(norm);
    }

    /// <summary>The sum of a row's squares.</summary>
    public static float SquaresOf(ReadOnlySpan<float> row)
    {
        fixed (float* first = row)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (int i = 0; i < row.Length; i += Lanes.Count)
            {
                Vector512<float> value = Lanes.Load(first + i, row.Length - i);
                sum = Vector512.FusedMultiplyAdd(value, value, sum);
            }
            return Lanes.Sum(sum);
        }
    }

    /// <summary>Adds the squares of a row to the sums of their columns.</summary>
    private static void AddSquares(ReadOnlySpan<float> row, Span<float> sums)
    {
        fixed (float* from = row, to = sums)
        {
            for (int i = 0; i < row.Length; i += Lanes.Count)
            {
                int left = row.Length - i;
                Vector512<float> value = Lanes.Load(from + i, left);
                Lanes.Store(Vector512.FusedMultiplyAdd(value, value, Lanes.Load(to + i, left)), to + i, left);
            }
        }
    }

    /// <inheritdoc/>
    public int Layer => magnitude.Layer;

    /// <inheritdoc/>
    /// <remarks>
    /// By the norm, which f moves too: by g the loss has the gradient n dm, and dg/df = -(g / n) dn/df with n dn/df = s B (A W^T) + s^2 B (A A^T) B^T.
    /// </remarks>
    public double Of(Run run) => -InnerProduct.Of(run, _slopes, origin: 0, magnitude.Gradient, _outputs);

    /// <inheritdoc/>
    public void Reserve(Arena arena)
    {
        _weight = null;
        _squares = arena.Floats(_outputs, MemoryKind.Scratch);
        _inverse = arena.Floats(_outputs, MemoryKind.Scratch);
        _slopes = arena.Floats(_outputs, MemoryKind.Scratch);
        Ratio = arena.Floats(_outputs, MemoryKind.Scratch);
        Excess = arena.Floats(_outputs, MemoryKind.Scratch);
        ScaledB = arena.Floats((long)_outputs * _rank, MemoryKind.Scratch);
        _a = arena.Floats((long)_rank * _inputs, MemoryKind.Scratch);
        _aw = arena.Floats((long)_rank * _outputs, MemoryKind.Scratch);
        _aa = arena.Floats((long)_rank * _rank, MemoryKind.Scratch);
        if (arena.Purpose != Purpose.Training)
            return;
        _sums = arena.Floats(_outputs, MemoryKind.Scratch);
        _products = arena.Floats((long)_outputs * _rank, MemoryKind.Scratch);
    }

    /// <summary>Brings everything up to date with the host's weight, the parameters and IST's factor.</summary>
    public void Update<I, O>(Run run, Linear<I, O> host) where I : IWidth where O : IWidth
    {
        Weight weight = host.Weight;
        bool isNew = weight.Data != _weight;
        _weight = weight.Data;
        if (run.Gpu is { } gpu)
        {
            if (isNew)
                MakeSquares(gpu, weight, host.FanInFanOut);
            MakeProducts(run, update.A.Value, host.TransposedWeight);
            MakeRatios(gpu, update.Scale(run));
            return;
        }
        if (isNew)
        {
            if (host.FanInFanOut)
            {
                var job = new ColumnSquaresJob(run.Cpu.Scratches, _squares, weight.Data, weight.DType, _outputs, _inputs);
                run.Cpu.For(job.Tasks, job);
            }
            else
            {
                run.Cpu.For(RowTasks.Count(_outputs, _inputs), new SquaresJob(run.Cpu.Scratches, _squares, weight.Data, weight.DType, _outputs, _inputs));
            }
        }
        // Where work is counted there are no values, and A counts as trained since.
        if (run.Cpu.Counter is not null || TakeA(isNew))
            MakeProducts(run, _a, host.TransposedWeight);
        var ratios = new RatioJob(
            Ratio, Excess, ScaledB, _inverse, _slopes, magnitude.Value, update.B.Value, _squares, _aw, _aa, update.Scale(run), _outputs, _rank);
        run.Cpu.For(RowTasks.Count(_outputs, _rank * _rank), ratios);
    }

    /// <summary>dB += s (g dy)^T h and dm += (1 / n) dy (b + s B h), summed over the rows.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the result, [rows, out].</param>
    /// <param name="h">A drop(x), [rows, r].</param>
    /// <param name="b">W drop(x), [rows, out].</param>
    public void AddGradients(Run run, float* dy, float* h, float* b)
    {
        Product.XTy(run, Into.Set, update.Scale(run), _products, dy, h, _outputs, _rank, run.Rows);
        ColumnScale.BackwardScale(run, Into.Set, 1, _sums, dy, b, _outputs);
        if (run.Gpu is { } gpu)
        {
            AddGradients(gpu);
            return;
        }
        var job = new GradientsJob(magnitude.Gradient, update.B.Gradient, _sums, _products, Ratio, _inverse, update.B.Value, _outputs, _rank);
        run.Cpu.For(RowTasks.Count(_outputs, _rank), job);
    }

    private void MakeProducts(Run run, float* a, MatrixOperand transposedWeight)
    {
        MatrixProduct.Multiply(
            run, Into.Set, 1, _aw, _outputs, _rank, _outputs, _inputs, MatrixOperand.Plain(a, _inputs), transposedWeight, WorkKind.Adapters);
        Product.XyT(run, Into.Set, 1, _aa, a, a, _rank, _rank, _inputs);
    }

    /// <summary>Takes A over where it has changed, or always.</summary>
    private bool TakeA(bool always)
    {
        var current = new ReadOnlySpan<float>(update.A.Value, (int)update.A.Count);
        var known = new Span<float>(_a, current.Length);
        if (!always && current.SequenceEqual(known))
            return false;
        current.CopyTo(known);
        return true;
    }
}
