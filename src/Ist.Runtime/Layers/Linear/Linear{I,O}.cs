using Ist.Runtime.Declaring;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = x W^T, with W [O, I]. It is also what a <see cref="LinearSlot{P, I, O}"/> hosts, so a linear layer with more to it derives
/// from this one: <see cref="BiasedLinear{I, O}"/>.
/// </summary>
/// <typeparam name="I">The input.</typeparam>
/// <typeparam name="O">The output.</typeparam>
[OffersSlot(typeof(LinearSlot<,,>))]
public class Linear<I, O> where I : IWidth where O : IWidth
{
    /// <summary>Takes the weight <c>[O, I]</c> of the scope's name.</summary>
    public Linear(Scope scope)
    {
        Inputs = scope.Width<I>();
        Outputs = scope.Width<O>();
        Weight = scope.Weight("weight", Initial.Normal, Outputs, Inputs);
    }

    /// <summary>Elements of an input row.</summary>
    public int Inputs { get; }

    /// <summary>Elements of an output row.</summary>
    public int Outputs { get; }

    /// <summary>W, [O, I].</summary>
    public Weight Weight { get; private set; }

    /// <summary>Whether the run trains W.</summary>
    public bool TrainsWeight => Weight.Parameter is not null;

    /// <summary>b, [O], in a layer that adds one; null in this one.</summary>
    public Weight? Bias { get; private protected set; }

    /// <summary>Replaces the frozen weight, and the bias where there is one, by changed copies in F32.</summary>
    /// <param name="change">Changes the values in place: W row-major [O, I], and b [O], which is empty where there is none.</param>
    public void Rewrite(Action<Span<float>, Span<float>> change)
    {
        float[] weight = Widened(Weight, checked(Inputs * Outputs)), bias = Bias is null ? [] : Widened(Bias, Outputs);
        change(weight, bias);
        Weight = new Weight(Weight.Name, weight, Weight.Shape);
        if (Bias is not null)
            Bias = new Weight(Bias.Name, bias, Bias.Shape);
    }

    private static float[] Widened(Weight weight, int count)
    {
        float[] values = GC.AllocateUninitializedArray<float>(count, pinned: true);
        weight.CopyTo(values);
        return values;
    }
}
