using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// One slot's low-rank update s B A of a weight [out, in]: A [r, in] uniform in ±1/sqrt(in), B [out, r] zero at first, and
/// s = alpha / r, or alpha / sqrt(r) with rsLoRA. Its input passes through dropout. With <c>lora_bias</c> it is s (B A x + b).
/// </summary>
internal readonly unsafe struct LowRank
{
    private readonly Parameter? _a;
    private readonly Parameter? _b;
    private readonly Parameter? _bias;
    private readonly LoraTarget _target;
    private readonly float _dropout;
    private readonly uint _site;
    private readonly int _bufferRank;

    /// <summary>Makes the update of the scope's module, or an empty one where the options do not target it.</summary>
    public LowRank(Scope scope, LoraOptions options, int inputs, int outputs)
    {
        LoraTarget? target = options.Match(scope.Name);
        Inputs = inputs;
        Outputs = outputs;
        _dropout = options.Dropout;
        _site = (uint)scope.Contents.Slots.Count;
        _bufferRank = target is not null || (options.DependsOnLayer && scope.Layer >= 0) ? options.LargestRank : 0;
        if (target is not { } adapter)
            return;
        _target = adapter;
        _a = scope.Parameter(LoraKeys.A(scope.Name), Initial.KaimingUniform, adapter.Rank, inputs);
        _b = scope.Parameter(LoraKeys.B(scope.Name), Initial.Zeros, outputs, adapter.Rank);
        scope.Contents.Add(new ScaledParameter(_b));
        if (!options.Config.LoraBias)
            return;
        _bias = scope.Parameter(LoraKeys.BiasOfB(scope.Name), Initial.Zeros, outputs);
        scope.Contents.Add(new ScaledParameter(_bias));
    }

    /// <summary>Whether the module gets none.</summary>
    public bool IsEmpty => _a is null;

    /// <summary>A, [r, in].</summary>
    public Parameter A => _a!;

    /// <summary>B, [out, r].</summary>
    public Parameter B => _b!;

    /// <summary>r.</summary>
    public int Rank => _target.Rank;

    /// <summary>Elements of an input row.</summary>
    public int Inputs { get; }

    /// <summary>Elements of an output row.</summary>
    public int Outputs { get; }

    /// <summary>Floats per row of a buffer that has room for A drop(x), [rows, r], and with dropout for drop(x), [rows, in], after it.</summary>
    public int BufferWidth => _bufferRank == 0 ? 0 : _bufferRank + (_dropout > 0 ? Inputs : 0);

    /// <summary>For people: <c>r=8 alpha=16</c>.</summary>
    public string Description => FormattableString.Invariant($"r={_target.Rank} alpha={_target.Alpha}");

    /// <summary>s, times IST's factor in a suppressed layer.</summary>
    public float Scale(Run run) => (float)_target.Scaling * run.AdapterScale;

    /// <summary>Whether dropout is on.</summary>
    public bool Drops(Run run) => run.Training && _dropout > 0;

    /// <summary>Where drop(x), or its gradient, stands in a buffer.</summary>
    public float* Dropped(Run run, Act<Own> buffer) => buffer.Data + (long)run.Rows * Rank;

    /// <summary>drop(x) in the buffer, or x itself where nothing is dropped.</summary>
    public float* Drop(Run run, Act<Own> buffer, float* x)
    {
        if (!Drops(run))
            return x;
        float* dropped = Dropped(run, buffer);
        Dropout.Set(run, dropped, x, Inputs, _dropout, _site);
        return dropped;
    }

    /// <summary>h = A x, beside the product of the same x with the host's weight.</summary>
    public NarrowProduct Down(float* h) => new(1, h, Rank, MatrixOperand.Transposed(A.Value, Inputs));

    /// <summary>dh = s dy B, beside the product of the same dy with the host's weight.</summary>
    public NarrowProduct BackwardUp(Run run, float* dh) => new(Scale(run), dh, Rank, MatrixOperand.Plain(B.Value, Rank));

    /// <summary>dx += the gradient by x, of the gradient by drop(x).</summary>
    public void BackwardDrop(Run run, float* dx, float* ddropped) =>
        Dropout.Add(run, dx, ddropped, Inputs, _dropout, _site);

    /// <summary>y += s b, where B has a bias.</summary>
    public void AddBias(Run run, float* y)
    {
        if (_bias is not null)
            RowSum.Add(run, Scale(run), y, _bias.Value, Outputs);
    }

    /// <summary>db += s times the sum of dy over the rows, where B has a bias.</summary>
    public void AddBiasGradient(Run run, float* dy)
    {
        if (_bias is not null)
            RowSum.AddGradient(run, Scale(run), _bias.Gradient, dy, Outputs);
    }

    /// <summary>bias += s b, where B has a bias.</summary>
    /// <param name="bias">The host's bias [out]; empty where it has none.</param>
    /// <exception cref="InputException">The host has no bias to take it.</exception>
    public void AddBiasTo(Span<float> bias)
    {
        if (_bias is null)
            return;
        if (bias.IsEmpty)
            throw new InputException($"{_bias.Key} can't be merged: its module has no bias to take it; keep the adapter, or train one without lora_bias");
        for (int o = 0; o < Outputs; o++)
            bias[o] = (float)(bias[o] + _target.Scaling * _bias.Value[o]);
    }

    /// <summary>W += s B A.</summary>
    /// <param name="weight">W, row-major [out, in].</param>
    public void AddTo(Span<float> weight)
    {
        for (int o = 0; o < Outputs; o++)
        {
            Span<float> row = weight.Slice(o * Inputs, Inputs);
            for (int i = 0; i < Inputs; i++)
            {
                double sum = 0;
                for (int k = 0; k < Rank; k++)
                    sum += (double)B.Value[o * Rank + k] * A.Value[k * Inputs + i];
                row[i] = (float)(row[i] + _target.Scaling * sum);
            }
        }
    }
}
