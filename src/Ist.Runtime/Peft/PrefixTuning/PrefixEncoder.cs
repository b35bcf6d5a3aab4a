using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// The network that makes the prefixes of all layers: values = tanh(E U^T + a) W^T + b, with E [virtual tokens, token_dim],
/// U [hidden, token_dim] and W [layers x 2 x token_dim, hidden]. Adapters are saved with what it makes. Source: peft 0.17
/// <c>tuners/prefix_tuning/model.py</c>.
/// <para>
/// Backward, with u = E U^T + a and h = tanh(u): dW += dvalues^T h, db += sum of dvalues, du = dvalues W (1 - h^2), dU += du^T E,
/// da += sum of du, dE += du U.
/// </para>
/// </summary>
internal sealed unsafe partial class PrefixEncoder : IReserving, IDerivedTensor
{
    private const string Prefix = "prompt_encoder.";

    private readonly int _count;
    private readonly int _inner;
    private readonly int _hidden;
    private readonly Parameter _embedding, _weight, _bias, _outerWeight, _outerBias;
    private float* _u;
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
        _u = arena.Floats((long)_count * _hidden, MemoryKind.SavedActivations);
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
            run.Device.Clear(Gradients, (long)_count * Width * sizeof(float));
        if (_held is not null)
        {
            run.Device.Upload(_held, Values);
            return;
        }
        Run positions = run.Over(_count);
        Product.XyT(run, Into.Set, 1, _u, _embedding.Value, _weight.Value, _count, _hidden, _inner);
        RowSum.Add(positions, 1, _u, _bias.Value, _hidden);
        Activation.Forward(run, ActivationFunction.Tanh, _h, _u, (long)_count * _hidden);
        Product.XyT(run, Into.Set, 1, Values, _h, _outerWeight.Value, _count, Width, _hidden);
        RowSum.Add(positions, 1, Values, _outerBias.Value, Width);
    }

    /// <summary>Adds the parameters' gradients, given those by keys and values.</summary>
    public void Backward(Run run)
    {
        Run positions = run.Over(_count);
        Product.XTy(run, Into.Add, 1, _outerWeight.Gradient, Gradients, _h, Width, _hidden, _count);
        RowSum.AddGradient(positions, 1, _outerBias.Gradient, Gradients, Width);
        Product.Xy(run, Into.Set, 1, _dh, Gradients, _outerWeight.Value, _count, _hidden, Width);
        Activation.Backward(run, ActivationFunction.Tanh, Into.Set, _dh, _dh, _u, (long)_count * _hidden);
        Product.XTy(run, Into.Add, 1, _weight.Gradient, _dh, _embedding.Value, _hidden, _inner, _count);
        RowSum.AddGradient(positions, 1, _bias.Gradient, _dh, _hidden);
        Product.Xy(run, Into.Add, 1, _embedding.Gradient, _dh, _weight.Value, _count, _inner, _hidden);
    }

    /// <inheritdoc/>
    public void Hold(ReadOnlySpan<float> values) => _held = values.IsEmpty ? null : values.ToArray();

    /// <inheritdoc/>
    public void Write(Device device, Span<float> values)
    {
        var copies = new List<float[]>();
        float* embedding = Read(_embedding), weight = Read(_weight), bias = Read(_bias), outerWeight = Read(_outerWeight), outerBias = Read(_outerBias);
        float[] h = new float[_hidden];
        fixed (float* hidden = h, to = values)
        {
            for (int position = 0; position < _count; position++)
            {
                Apply(hidden, embedding + (long)position * _inner, weight, bias, _hidden, _inner);
                Tanh(hidden, _hidden);
                Apply(to + (long)position * Width, hidden, outerWeight, outerBias, Width, _hidden);
            }
        }
        GC.KeepAlive(copies);

        float* Read(Parameter parameter) => device.Read(parameter.Value, parameter.Count, copies);
    }

    private static Parameter Add(Scope scope, string name, Initial initial, double? bound, params long[] shape)
    {
        var parameter = new Parameter(Prefix + name, -1, initial, shape) { Deviation = 1, Bound = bound, StaysInCheckpoints = true };
        scope.Contents.Add(parameter);
        return parameter;
    }
}
