using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Numerics;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = x W^T, with W [O, I]. It is also what a <see cref="LinearSlot{P, I, O}"/> hosts, so a linear layer with more to it derives
/// from this one: <see cref="BiasedLinear{I, O}"/>, <see cref="Conv1D{I, O}"/>.
/// </summary>
/// <typeparam name="I">The input.</typeparam>
/// <typeparam name="O">The output.</typeparam>
[OffersSlot(typeof(LinearSlot<,,>))]
public class Linear<I, O> : IPackable where I : IWidth where O : IWidth
{
    private readonly AnyLayer _trainsWeight;
    private readonly PackedFactors _packed = new();

    /// <summary>Takes the weight <c>[O, I]</c> of the scope's name.</summary>
    public Linear(Scope scope) : this(scope, fanInFanOut: false)
    {
    }

    /// <summary>Takes the weight of the scope's name, <c>[O, I]</c> or <c>[I, O]</c>.</summary>
    private protected Linear(Scope scope, bool fanInFanOut)
    {
        Inputs = scope.Width<I>();
        Outputs = scope.Width<O>();
        FanInFanOut = fanInFanOut;
        Weight = fanInFanOut
            ? scope.Adaptable.Weight("weight", Initial.Normal, Inputs, Outputs)
            : scope.Adaptable.Weight("weight", Initial.Normal, Outputs, Inputs);
        scope.Contents.Add((IPackable)this);
        _trainsWeight = scope.InAnyLayer("trains its weight", Weight.Parameter is not null);
    }

    /// <summary>Elements of an input row.</summary>
    public int Inputs { get; }

    /// <summary>Elements of an output row.</summary>
    public int Outputs { get; }

    /// <summary>Whether <see cref="Weight"/> is stored [I, O], so that it holds W^T (peft's <c>fan_in_fan_out</c>).</summary>
    public bool FanInFanOut { get; }

    /// <summary>W as it is stored: [O, I], or [I, O] with <see cref="FanInFanOut"/>.</summary>
    public Weight Weight { get; }

    /// <summary>Whether the run trains W, in this layer or in another that shares its buffers.</summary>
    public bool TrainsWeight => _trainsWeight.Holds;

    /// <summary>b, [O], in a layer that adds one; null in this one.</summary>
    public Weight? Bias { get; private set; }

    /// <summary>W [O, I] as the right factor of a product.</summary>
    internal unsafe MatrixOperand PlainWeight =>
        FanInFanOut ? new(Weight.Data, Weight.DType, 1, Outputs) { Panels = _packed.Plain } : new(Weight.Data, Weight.DType, Inputs, 1) { Panels = _packed.Plain };

    /// <summary>W^T [I, O] as the right factor of a product.</summary>
    internal unsafe MatrixOperand TransposedWeight =>
        FanInFanOut ? new(Weight.Data, Weight.DType, Outputs, 1) { Panels = _packed.Transposed } : new(Weight.Data, Weight.DType, 1, Inputs) { Panels = _packed.Transposed };

    /// <inheritdoc/>
    void IPackable.Pack(Arena arena)
    {
        if (Weight.Parameter is null)
            _packed.Reserve(arena, PlainWeight, TransposedWeight, Inputs, Outputs);
    }

    /// <inheritdoc/>
    void IPackable.Unpack() => _packed.Release();

    /// <summary>Replaces the frozen weight, and the bias where there is one, by changed copies in F32, stored as they were.</summary>
    /// <param name="change">
    /// Changes the values in place: W row-major [O, I], however it is stored, and b [O], which is empty where there is none.
    /// </param>
    public void Rewrite(Action<Span<float>, Span<float>> change)
    {
        float[] weight = Weight.Widened(), bias = Bias?.Widened() ?? [];
        if (FanInFanOut)
        {
            float[] byOutputs = Transposed(weight, Inputs, Outputs);
            change(byOutputs, bias);
            Transposed(byOutputs, Outputs, Inputs).CopyTo(weight, 0);
        }
        else
        {
            change(weight, bias);
        }
        Weight.Become(weight);
        Bias?.Become(bias);
    }

    /// <summary>Takes the bias <c>[O]</c> of the scope's name.</summary>
    private protected void TakeBias(Scope scope) => Bias = scope.Adaptable.Weight("bias", Initial.Zeros, Outputs);

    private static float[] Transposed(float[] values, int rows, int columns)
    {
        float[] transposed = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                transposed[column * rows + row] = values[row * columns + column];
        }
        return transposed;
    }
}
