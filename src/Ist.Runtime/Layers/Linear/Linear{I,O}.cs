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

    /// <summary>b, [O], in a layer that adds one; null in this one.</summary>
    public virtual Weight? Bias => null;

    /// <summary>Replaces a frozen weight by a changed copy of it in F32.</summary>
    /// <param name="change">Changes the values in place; row-major [O, I].</param>
    public unsafe void Rewrite(Action<Span<float>> change)
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked(Inputs * Outputs), pinned: true);
        Weight.CopyTo(values);
        change(values);
        Weight = new Weight(Weight.Name, values, Weight.Shape);
    }
}
