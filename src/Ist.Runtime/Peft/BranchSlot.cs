using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>The slot behind a branch: the method changes what the branch gave before it is added to the residual stream.</summary>
/// <typeparam name="P">The PEFT method.</typeparam>
/// <typeparam name="D">What the branch gives.</typeparam>
public sealed class BranchSlot<P, D> where P : IBranchPeft<P> where D : IWidth
{
    private readonly P _method;
    private readonly AnyLayer _readsInput;

    /// <summary>Lets the method make its adapter. Most methods have none here, so an empty slot is not listed.</summary>
    /// <param name="scope">The slot's.</param>
    /// <param name="norm">Gives the norm of the sum once the model is made; null where there is none.</param>
    public BranchSlot(Scope scope, Func<LayerNorm<D>>? norm = null)
    {
        _method = P.CreateBranch(scope, norm);
        _readsInput = scope.InAnyLayer("reads its input", P.ReadsInput(_method));
        if (P.Describe(_method) is string description)
            scope.Contents.Add(new SlotEntry(scope.Name, scope.Layer, description, null));
    }

    /// <summary>Floats per row that the forward pass leaves for the backward pass of a trained layer.</summary>
    public int SavedWidth => P.SavedWidth(_method);

    /// <summary>Floats per row that it leaves for any backward pass.</summary>
    public int KeptWidth => P.KeptWidth(_method);

    /// <summary>Whether the adapter's gradients need the residual stream, in this layer or in another that shares its buffers.</summary>
    public bool ReadsInput => _readsInput.Holds;

    /// <summary>y = what the method makes of it; x is what it is then added to.</summary>
    public void Forward(
        Run run, [Result] Act<D> y, [Saved(Width = nameof(SavedWidth))] Act<Own> saved, [Saved(Width = nameof(KeptWidth))] Act<Own> kept, Act<D> x) =>
        P.Forward(run, y, saved, kept, x, _method);

    /// <summary>Adds the adapter's gradients, and gives the gradient by what the branch gave.</summary>
    public Act<D> BackwardBranch(
        Run run, Act<D> dy, [ReadWhere(nameof(ReadsInput))] Act<D> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved) =>
        P.Backward(run, dy, x, saved, kept, dsaved, _method);

    /// <summary>Gives the gradient by what the branch gave.</summary>
    public Act<D> BackwardInputBranch(Run run, Act<D> dy, Act<Own> kept, Act<Own> dsaved) =>
        P.BackwardInput(run, dy, kept, dsaved, _method);

    /// <summary>dx += the adapter's share of the gradient by the residual stream.</summary>
    public void BackwardShare(Run run, Act<D> dx, Act<Own> dsaved) => P.BackwardShare(run, dx, dsaved, _method);
}
