using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// The network that makes the prefixes of all layers: values = tanh(E U^T + a) W^T + b, with E [virtual tokens, token_dim],
/// U [hidden, token_dim] and W [layers x 2 x token_dim, hidden]. Adapters are saved with what it makes. Source: peft 0.17
/// <c>tuners/prefix_tuning/model.py</c>.
/// <para>
/// Backward, with h = tanh(…): dW += dvalues^T h, db += sum of dvalues, du = dvalues W (1 - h^2), dU += du^T E, da += sum of du, dE += du U.
/// </para>
/// </summary>
internal sealed unsafe partial class PrefixEncoder : IReserving, IDerivedTensor
{
    private const string Prefix = "prompt_encoder.";

    private readonly int _count;
    private readonly int _inner;
    private readonly int _hidden;
    private readonly Parameter _embedding, _weight, _bias, _outerWeight, _outerBias;
    private float* _h;
    private float* _dh;
    private float[]? _held;

    /// <summary>Makes the parameters, as PyTorch begins an embedding and linear layers.</summary>
    public PrefixEncoder(Scope scope, PrefixConfig config)
    {
        _count = config.Shared.NumVirtualTokens;
        _inner = config.Shared.TokenDim!.Value;
        _hidden = config.EncoderHiddenSize!.Value;
        Width = config.Shared.NumLayers!.Value * 2 * _inner;
        _embedding = Add(scope, "embedding.weight", Initial.Normal, null, _count, _inner);
        _weight = Add(scope, "transform.0.weight", Initial.KaimingUniform, null, _hidden, _inner);
        _bias = Add(scope, "transform.0.bias", Initial.KaimingUniform, 1 / Math.Sqrt(_inner), _hidden);
        _outerWeight = Add(scope, "transform.2.weight", Initial.KaimingUniform, null, Width, _hidden);
        _outerBias = Add(scope, "transform.2.bias", Initial.KaimingUniform, 1 / Math.Sqrt(_hidden), Width);
    }

    /// <summary>Floats of a position's keys and values in all layers.</summary>
    public int Width { get; }

    /// <summary>What it is, for people.</summary>
    public string Description => $"prefix encoder, hidden size {_hidden}";

    /// <summary>Keys and values, [virtual tokens, layers x 2 x token_dim].</summary>
    public float* Values { get; private set; }

    /// <summary>The gradient by them, of one micro-batch; null when the run does not train.</summary>
    public float* Gradients { get; private set; }

    /// <inheritdoc/>
    public string Key => PrefixConfig.Key;

    /// <inheritdoc/>
    public IReadOnlyList<long> Shape => [_count, Width];

    /// <inheritdoc/>
    public void Reserve(Arena arena)
    {
        bool trains = arena.Purpose == Purpose.Training;
        _held = null;
        Values = arena.Floats((long)_count * Width, MemoryKind.SavedActivations);
        _h = arena.Floats((long)_count * _hidden, MemoryKind.SavedActivations);
        Gradients = trains ? arena.Floats((long)_count * Width, MemoryKind.Scratch) : null;
        _dh = trains ? arena.Floats((long)_count * _hidden, MemoryKind.Scratch) : null;
    }

    /// <summary>Lists what a layer's adapter scale acts on: the rows of W and b that make its keys and values.</summary>
    public void AddScaleGradients(ModelContents contents, int layer)
    {
        long rows = 2 * _inner;
        contents.Add(new ScaledParameter(_outerWeight) { Layer = layer, First = layer * rows * _hidden, Count = rows * _hidden });
        contents.Add(new ScaledParameter(_outerBias) { Layer = layer, First = layer * rows, Count = rows });
    }

    /// <summary>Makes keys and values, and begins their gradient with zero.</summary>
    public void Forward(Run run)
    {
        if (Gradients is not null)
            new Span<float>(Gradients, _count * Width).Clear();
        if (_held is not null)
        {
            _held.CopyTo(new Span<float>(Values, _count * Width));
            return;
        }
        run.Cpu.For(_count, new FillJob(_h, _bias.Value, _hidden));
        Product.XyT(run, Into.Add, 1, _h, _embedding.Value, _weight.Value, _count, _hidden, _inner);
        run.Cpu.For(_count, new TanhJob(_h, _hidden));
        run.Cpu.For(_count, new FillJob(Values, _outerBias.Value, Width));
        Product.XyT(run, Into.Add, 1, Values, _h, _outerWeight.Value, _count, Width, _hidden);
    }

    /// <summary>Adds the parameters' gradients, given those by keys and values.</summary>
    public void Backward(Run run)
    {
        Product.XTy(run, Into.Add, 1, _outerWeight.Gradient, Gradients, _h, Width, _hidden, _count);
        run.Cpu.For(RowTasks.Count(Width), new AddRowsJob(_outerBias.Gradient, Gradients, Width, _count));
        Product.Xy(run, Into.Set, 1, _dh, Gradients, _outerWeight.Value, _count, _hidden, Width);
        run.Cpu.For(_count, new BackwardTanhJob(_dh, _h, _hidden));
        Product.XTy(run, Into.Add, 1, _weight.Gradient, _dh, _embedding.Value, _hidden, _inner, _count);
        run.Cpu.For(RowTasks.Count(_hidden), new AddRowsJob(_bias.Gradient, _dh, _hidden, _count));
        Product.Xy(run, Into.Add, 1, _embedding.Gradient, _dh, _weight.Value, _count, _inner, _hidden);
    }

    /// <inheritdoc/>
    public void Hold(ReadOnlySpan<float> values) => _held = values.IsEmpty ? null : values.ToArray();

    /// <inheritdoc/>
    public void Write(Span<float> values)
    {
        float[] h = new float[_hidden];
        fixed (float* hidden = h, to = values)
        {
            for (int position = 0; position < _count; position++)
            {
                Apply(hidden, _embedding.Value + (long)position * _inner, _weight.Value, _bias.Value, _hidden, _inner);
                new TanhJob(hidden, _hidden).Execute(0, 0);
                Apply(to + (long)position * Width, hidden, _outerWeight.Value, _outerBias.Value, Width, _hidden);
            }
        }
    }

    private static Parameter Add(Scope scope, string name, Initial initial, double? bound, params long[] shape)
    {
        var parameter = new Parameter(Prefix + name, -1, initial, shape) { Deviation = 1, Bound = bound, StaysInCheckpoints = true };
        scope.Contents.Add(parameter);
        return parameter;
    }
}
