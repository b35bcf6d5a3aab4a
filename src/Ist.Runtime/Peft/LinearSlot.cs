using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>The slot of a linear layer: it runs the layer, adapted by the method.</summary>
/// <typeparam name="P">The PEFT method.</typeparam>
/// <typeparam name="I">The layer's input.</typeparam>
/// <typeparam name="O">The layer's output.</typeparam>
public sealed class LinearSlot<P, I, O> where P : ILinearPeft<P> where I : IWidth where O : IWidth
{
    private readonly P _method;
    private readonly AnyLayer _readsInput;

    /// <summary>Lets the method make its adapter for the layer.</summary>
    public LinearSlot(Scope scope, Linear<I, O> host)
    {
        _method = P.CreateLinear(scope, host);
        _readsInput = scope.InAnyLayer("reads its input", host.Weight.Parameter is not null || P.ReadsInput(_method));
        string? description = P.Describe(_method);
        Action? merge = description is null || !P.Merges ? null : () => host.Rewrite((weight, bias) => P.Merge(_method, weight, bias));
        scope.Contents.Add(new SlotEntry(scope.Name, scope.Layer, description, merge, host.FanInFanOut));
    }

    /// <summary>Floats per row that the forward pass leaves for the backward pass of a trained layer.</summary>
    public int SavedWidth => P.SavedWidth(_method);

    /// <summary>Floats per row that it leaves for any backward pass.</summary>
    public int KeptWidth => P.KeptWidth(_method);

    /// <summary>Whether the gradients of the adapter or of the layer's weight need the input, in this layer or in another that shares its buffers.</summary>
    public bool ReadsInput => _readsInput.Holds;

    /// <summary>y = the adapted layer of x.</summary>
    public void Forward(
        Run run, [Result] Act<O> y, [Saved(Width = nameof(SavedWidth))] Act<Own> saved, [Saved(Width = nameof(KeptWidth))] Act<Own> kept, Act<I> x,
        Linear<I, O> host) =>
        P.Forward(run, y, saved, kept, x, _method, host);

    /// <summary>dx = the gradient by x; adds the adapter's gradients.</summary>
    public void BackwardSet(
        Run run, Act<I> dx, Act<O> dy, [ReadWhere(nameof(ReadsInput))] Act<I> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, Linear<I, O> host) =>
        P.Backward(run, Into.Set, dx, dy, x, saved, kept, dsaved, _method, host);

    /// <summary>dx += the gradient by x; adds the adapter's gradients.</summary>
    public void BackwardAdd(
        Run run, Act<I> dx, Act<O> dy, [ReadWhere(nameof(ReadsInput))] Act<I> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, Linear<I, O> host) =>
        P.Backward(run, Into.Add, dx, dy, x, saved, kept, dsaved, _method, host);

    /// <summary>dx = the gradient by x, and no adapter gradients.</summary>
    public void BackwardInputSet(Run run, Act<I> dx, Act<O> dy, Act<Own> kept, Act<Own> dsaved, Linear<I, O> host) =>
        P.BackwardInput(run, Into.Set, dx, dy, kept, dsaved, _method, host);

    /// <summary>dx += the gradient by x, and no adapter gradients.</summary>
    public void BackwardInputAdd(Run run, Act<I> dx, Act<O> dy, Act<Own> kept, Act<Own> dsaved, Linear<I, O> host) =>
        P.BackwardInput(run, Into.Add, dx, dy, kept, dsaved, _method, host);
}
