using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// What a method does in the slot behind a branch: it changes what the branch gave, y, before that is added to the residual stream x.
/// It may look at y, at x, or at their sum as a norm behind it makes it. An empty slot does nothing.
/// </summary>
public interface IBranchPeft<TSelf> : ISlotPeft<TSelf> where TSelf : IBranchPeft<TSelf>
{
    /// <summary>Makes the adapter of one slot, or an empty one where the options do not want one there.</summary>
    /// <param name="scope">The slot's, whose name is that of the slot in files.</param>
    /// <param name="norm">Gives the norm of the sum once the model is made; null where there is none.</param>
    static virtual TSelf CreateBranch<D>(Scope scope, Func<LayerNorm<D>>? norm) where D : IWidth => default!;

    /// <summary>Floats per row that the forward pass leaves for the backward pass of a layer that is trained.</summary>
    static virtual int SavedWidth(in TSelf self) => 0;

    /// <summary>Floats per row that it leaves for any backward pass.</summary>
    static virtual int KeptWidth(in TSelf self) => 0;

    /// <summary>Whether the adapter's gradients need x. Where nothing does it is not kept.</summary>
    static virtual bool ReadsInput(in TSelf self) => false;

    /// <summary>y = the adapted y.</summary>
    /// <param name="run">The run.</param>
    /// <param name="y">What the branch gave; changed in place.</param>
    /// <param name="saved">Receives what <see cref="Backward"/> reads.</param>
    /// <param name="kept">Receives what <see cref="BackwardInput"/> reads, too.</param>
    /// <param name="x">What y is then added to.</param>
    /// <param name="self">The adapter.</param>
    static virtual void Forward<D>(Run run, Act<D> y, Act<Own> saved, Act<Own> kept, Act<D> x, in TSelf self) where D : IWidth
    {
    }

    /// <summary>Adds the adapter's gradients.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dy">The gradient by the adapted y, which is also that by x as far as the addition goes; it is left as it is.</param>
    /// <param name="x">What y was added to.</param>
    /// <param name="saved">What the forward pass left.</param>
    /// <param name="kept">What the forward pass left.</param>
    /// <param name="dsaved">Scratch of the shape of <paramref name="saved"/>.</param>
    /// <param name="self">The adapter.</param>
    /// <returns>The gradient by what the branch gave: dy itself, or a buffer in <paramref name="dsaved"/>.</returns>
    static virtual Act<D> Backward<D>(Run run, Act<D> dy, Act<D> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, in TSelf self) where D : IWidth => dy;

    /// <summary>As <see cref="Backward"/>, without the adapter's gradients: the layer is not trained in this step.</summary>
    static virtual Act<D> BackwardInput<D>(Run run, Act<D> dy, Act<Own> kept, Act<Own> dsaved, in TSelf self) where D : IWidth => dy;

    /// <summary>dx += the adapter's share of the gradient by x, after one of the two.</summary>
    static virtual void BackwardShare<D>(Run run, Act<D> dx, Act<Own> dsaved, in TSelf self) where D : IWidth
    {
    }
}
