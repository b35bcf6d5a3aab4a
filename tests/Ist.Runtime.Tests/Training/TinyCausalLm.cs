using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Numerics;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Training;

/// <summary>
/// A decoder small enough to be written out by hand: h0 = mean of (E[id] + P[position]) over the row up to here,
/// h(l+1) = h + tanh(W h) + s B A drop(h), logits = H h. Only A and B are trained, and E where asked for.
/// </summary>
internal sealed unsafe class TinyCausalLm : ICausalLm
{
    public const int Vocabulary = 11, Size = 6, Rank = 2, Positions = 64;

    private readonly double _dropout;
    private readonly float[] _embedding = Random(1, Vocabulary * Size), _position = Random(2, Positions * Size), _head = Random(3, Vocabulary * Size);
    private readonly float[][] _weights;
    private readonly Parameter[] _a, _b;
    private readonly Parameter? _trainedEmbedding;
    private readonly double[] _sum = new double[Size];
    private readonly Act<Model>[] _hidden;

    public TinyCausalLm(int layers, bool trainsInput = false, double dropout = 0)
    {
        _dropout = dropout;
        if (trainsInput)
            Contents.Add(_trainedEmbedding = new Parameter("embed.weight", -1, Initial.Normal, Vocabulary, Size) { Deviation = .5f });
        _weights = [.. Enumerable.Range(0, layers).Select(l => Random(10 + l, Size * Size))];
        _a = [.. Enumerable.Range(0, layers).Select(l => Added(new Parameter($"layers.{l}.lora_A.weight", l, Initial.KaimingUniform, Rank, Size)))];
        _b = [.. Enumerable.Range(0, layers).Select(l => Added(new Parameter($"layers.{l}.lora_B.weight", l, Initial.Zeros, Size, Rank)))];
        foreach (Parameter b in _b)
            Contents.Add(new ScaledParameter(b));
        _hidden = new Act<Model>[layers + 1];
    }

    public static Widths Widths => new Widths().Set<Model>(Size).Set<Vocab>(Vocabulary);

    public ModelContents Contents { get; } = new();

    public Act<Vocab> Logits { get; private set; }

    Act<Own> IModel.Logits => Logits.Untyped;

    public int LayerCount => _weights.Length;

    /// <summary>The lowest layer that any backward pass has visited.</summary>
    public int LowestVisited { get; private set; } = int.MaxValue;

    /// <summary>Adds this to every logit; a NaN makes the run diverge.</summary>
    public float Offset { get; set; }

    public void Allocate(Arena arena)
    {
        Logits = arena.Rowwise<Vocab>(arena.Widths.Of<Vocab>(), MemoryKind.Logits);
        for (int l = 0; l < _hidden.Length; l++)
            _hidden[l] = arena.Saved<Model>();
    }

    public void Forward(Run run)
    {
        Batch batch = run.Batch;
        Span<double> u = stackalloc double[Rank];
        for (int r = 0; r < run.Rows; r++)
        {
            Embed(batch, r);
            for (int l = 0; l < LayerCount; l++)
            {
                float* x = _hidden[l].Data + r * Size, y = _hidden[l + 1].Data + r * Size;
                run.Enter(l);
                for (int k = 0; k < Rank; k++)
                {
                    u[k] = 0;
                    for (int i = 0; i < Size; i++)
                        u[k] += (double)_a[l].Value[k * Size + i] * x[i] * Kept(run, l, r, i);
                }
                for (int o = 0; o < Size; o++)
                {
                    double z = 0, low = 0;
                    for (int i = 0; i < Size; i++)
                        z += (double)_weights[l][o * Size + i] * x[i];
                    for (int k = 0; k < Rank; k++)
                        low += _b[l].Value[o * Rank + k] * u[k];
                    y[o] = (float)(x[o] + Math.Tanh(z) + run.AdapterScale * low);
                }
            }
            run.Leave();
            for (int v = 0; v < Vocabulary; v++)
            {
                double z = Offset;
                for (int i = 0; i < Size; i++)
                    z += (double)_head[v * Size + i] * _hidden[^1].Data[r * Size + i];
                Logits.Data[r * Vocabulary + v] = (float)z;
            }
        }
    }

    public void Forward(Run run, LayerPlan plan) => Forward(run);

    public void Backward(Run run, LayerPlan plan)
    {
        Span<double> dy = stackalloc double[Size], dx = stackalloc double[Size], u = stackalloc double[Rank], du = stackalloc double[Rank];
        for (int r = 0; r < run.Rows; r++)
        {
            dy.Clear();
            for (int v = 0; v < Vocabulary; v++)
            {
                for (int i = 0; i < Size; i++)
                    dy[i] += (double)Logits.Data[r * Vocabulary + v] * _head[v * Size + i];
            }
            for (int l = LayerCount - 1; l >= plan.Lowest; l--)
            {
                LowestVisited = Math.Min(LowestVisited, l);
                BackwardLayer(run, l, r, plan.Trains(l), dx, dy, u, du);
                dx.CopyTo(dy);
            }
            if (_trainedEmbedding is not null)
                BackwardEmbedding(run.Batch, r, dy);
        }
    }

    private void BackwardLayer(Run run, int l, int r, bool trains, Span<double> dx, Span<double> dy, Span<double> u, Span<double> du)
    {
        float* x = _hidden[l].Data + r * Size;
        dy.CopyTo(dx);
        u.Clear();
        du.Clear();
        for (int o = 0; o < Size; o++)
        {
            double z = 0;
            for (int i = 0; i < Size; i++)
                z += (double)_weights[l][o * Size + i] * x[i];
            double dz = dy[o] * (1 - Math.Tanh(z) * Math.Tanh(z));
            for (int i = 0; i < Size; i++)
                dx[i] += dz * _weights[l][o * Size + i];
            for (int k = 0; k < Rank; k++)
                du[k] += dy[o] * _b[l].Value[o * Rank + k];
        }
        for (int k = 0; k < Rank; k++)
        {
            for (int i = 0; i < Size; i++)
            {
                double kept = Kept(run, l, r, i);
                u[k] += (double)_a[l].Value[k * Size + i] * x[i] * kept;
                dx[i] += du[k] * _a[l].Value[k * Size + i] * kept;
                if (trains)
                    _a[l].Gradient[k * Size + i] += (float)(du[k] * x[i] * kept);
            }
            for (int o = 0; o < Size && trains; o++)
                _b[l].Gradient[o * Rank + k] += (float)(dy[o] * u[k]);
        }
    }

    private void BackwardEmbedding(Batch batch, int r, Span<double> dy)
    {
        int b = r / batch.Time, t = r % batch.Time;
        for (int s = 0; s <= t && t < batch.End[b]; s++)
        {
            float* row = _trainedEmbedding!.Gradient + batch.Tokens[b * batch.Time + s] * Size;
            for (int i = 0; i < Size; i++)
                row[i] += (float)(dy[i] / (t + 1));
        }
    }

    private void Embed(Batch batch, int r)
    {
        if (r % batch.Time == 0 && batch.Past == 0)
            Array.Clear(_sum);
        int id = batch.Tokens[r], position = batch.Positions[r];
        for (int i = 0; i < Size; i++)
        {
            float e = _trainedEmbedding is null ? _embedding[id * Size + i] : _trainedEmbedding.Value[id * Size + i];
            _sum[i] += e + _position[position * Size + i];
            _hidden[0].Data[r * Size + i] = (float)(_sum[i] / (position + 1));
        }
    }

    private double Kept(Run run, int layer, int row, int i)
    {
        if (!run.Training || _dropout == 0)
            return 1;
        ulong place = (ulong)run.Step << 32 | (uint)(run.MicroBatch << 8 | layer);
        return Uniform.Double(run.Seed + 1, place, (ulong)(row * Size + i)) < _dropout ? 0 : 1 / (1 - _dropout);
    }

    private Parameter Added(Parameter parameter)
    {
        Contents.Add(parameter);
        return parameter;
    }

    private static float[] Random(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - .5))];
    }
}
