using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// What a method does in the slot of a linear layer. The slot runs its host, so a method may change the host's input, its
/// output or the way it is computed: it can add to it (LoRA), scale it ((IA)3, DoRA) or stand in series with it, and an
/// empty slot is the host's own call.
/// </summary>
public interface ILinearPeft<TSelf> : ISlotPeft<TSelf> where TSelf : ILinearPeft<TSelf>
{
    /// <summary>Makes the adapter of one slot, or an empty one where the options do not target the host.</summary>
    static virtual TSelf CreateLinear<I, O>(Scope scope, Linear<I, O> host) where I : IWidth where O : IWidth => default!;

    /// <summary>Floats per row that the forward pass leaves for the backward pass of a layer that is trained.</summary>
    static virtual int SavedWidth(in TSelf self) => 0;

    /// <summary>
    /// Floats per row that it leaves for any backward pass, also of a layer that only passes the gradient on: what an adapter that is not
    /// linear has its slope from.
    /// </summary>
    static virtual int KeptWidth(in TSelf self) => 0;

    /// <summary>Whether the adapter's gradients need the input. Where nothing does it is not kept, and <see cref="Backward"/> must not read it.</summary>
    static virtual bool ReadsInput(in TSelf self) => true;

    /// <summary>y = the adapted host of x.</summary>
    static virtual void Forward<I, O>(Run run, Act<O> y, Act<Own> saved, Act<Own> kept, Act<I> x, in TSelf self, Linear<I, O> host)
        where I : IWidth where O : IWidth =>
        Linear.Forward(run, y, x, host);

    /// <summary>dx = or += the gradient by x, and adds the adapter's gradients (and the host's where it is trained).</summary>
    /// <param name="run">The run.</param>
    /// <param name="into">Whether dx is set or added to.</param>
    /// <param name="dx">The gradient by the input.</param>
    /// <param name="dy">The gradient by the output; it is left as it is.</param>
    /// <param name="x">The input.</param>
    /// <param name="saved">What the forward pass left.</param>
    /// <param name="kept">What it left for any backward pass.</param>
    /// <param name="dsaved">Scratch of the shape of <paramref name="saved"/>.</param>
    /// <param name="self">The adapter.</param>
    /// <param name="host">The adapted layer.</param>
    static virtual void Backward<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<I> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, in TSelf self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        Linear.Backward(run, into, dx, dy, host);
        Linear.BackwardWeights(run, dy, x, host);
    }

    /// <summary>dx = or += the gradient by x, and nothing else: the layer is not trained in this step.</summary>
    static virtual void BackwardInput<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<Own> kept, Act<Own> dsaved, in TSelf self, Linear<I, O> host)
        where I : IWidth where O : IWidth =>
        Linear.Backward(run, into, dx, dy, host);

    /// <summary>Folds the adapter into the host's weight and bias; not called where <see cref="ISlotPeft{TSelf}.Merges"/> says no.</summary>
    /// <param name="self">The adapter.</param>
    /// <param name="weight">The host's weight [outputs, inputs], widened to F32, changed in place.</param>
    /// <param name="bias">The host's bias [outputs] in the same way; empty where it has none.</param>
    static virtual void Merge(in TSelf self, Span<float> weight, Span<float> bias)
    {
    }
}
