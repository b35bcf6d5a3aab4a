using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// The slots of a mixture's linear layers: a <see cref="LinearSlot{P, I, O}"/> for each expert, under the name that peft gives the
/// module, over the rows that go to the expert.
/// </summary>
/// <typeparam name="P">The PEFT method.</typeparam>
/// <typeparam name="I">An expert's input.</typeparam>
/// <typeparam name="O">An expert's output.</typeparam>
public sealed class ExpertSlot<P, I, O> where P : ILinearPeft<P> where I : IWidth where O : IWidth
{
    private readonly LinearSlot<P, I, O>[] _slots;
    private readonly int _room;
    private readonly int _keptRoom;

    /// <summary>Lets the method make its adapter for each expert.</summary>
    public ExpertSlot(Scope scope, ExpertLinear<I, O> host)
    {
        _slots = [.. Enumerable.Range(0, host.Count).Select(e => new LinearSlot<P, I, O>(scope.Numbered(e), host[e]))];
        _room = _slots.Max(slot => slot.SavedWidth);
        _keptRoom = _slots.Max(slot => slot.KeptWidth);
        SavedWidth = _room * scope.Width<Chosen>();
        KeptWidth = _keptRoom * scope.Width<Chosen>();
    }

    /// <summary>Floats per row that the forward pass leaves for the backward pass of a trained layer.</summary>
    public int SavedWidth { get; }

    /// <summary>Floats per row that it leaves for any backward pass.</summary>
    public int KeptWidth { get; }

    /// <summary>Whether the gradients of an adapter or of an expert's weight need the input, in this layer or in another that shares its buffers.</summary>
    public bool ReadsInput => _slots.Any(slot => slot.ReadsInput);

    /// <summary>y = the adapted layer of x, expert by expert.</summary>
    public void Forward(
        Run run, [Result] Act<Routed<O>> y, [Saved(Width = nameof(SavedWidth))] Act<Own> saved, [Saved(Width = nameof(KeptWidth))] Act<Own> kept,
        Act<Routed<I>> x, Ids<Routes> routes, ExpertLinear<I, O> host)
    {
        var rows = new ExpertRows(run, routes, host.Count);
        while (rows.Next())
        {
            Linear<I, O> expert = host[rows.Expert];
            LinearSlot<P, I, O> slot = _slots[rows.Expert];
            slot.Forward(
                rows.Run, rows.Of(y, expert.Outputs), rows.Saved(saved, _room, slot.SavedWidth), rows.Saved(kept, _keptRoom, slot.KeptWidth),
                rows.Of(x, expert.Inputs), expert);
        }
    }

    /// <summary>dx = the gradient by x; adds the adapters' gradients.</summary>
    public void BackwardSet(
        Run run, Act<Routed<I>> dx, Act<Routed<O>> dy, [ReadWhere(nameof(ReadsInput))] Act<Routed<I>> x, Act<Own> saved, Act<Own> kept,
        Act<Own> dsaved, Ids<Routes> routes, ExpertLinear<I, O> host)
    {
        var rows = new ExpertRows(run, routes, host.Count);
        while (rows.Next())
        {
            Linear<I, O> expert = host[rows.Expert];
            LinearSlot<P, I, O> slot = _slots[rows.Expert];
            slot.BackwardSet(
                rows.Run, rows.Of(dx, expert.Inputs), rows.Of(dy, expert.Outputs), rows.Of(x, expert.Inputs),
                rows.Saved(saved, _room, slot.SavedWidth), rows.Saved(kept, _keptRoom, slot.KeptWidth), rows.Saved(dsaved, _room, slot.SavedWidth),
                expert);
        }
    }

    /// <summary>dx += the gradient by x; adds the adapters' gradients.</summary>
    public void BackwardAdd(
        Run run, Act<Routed<I>> dx, Act<Routed<O>> dy, [ReadWhere(nameof(ReadsInput))] Act<Routed<I>> x, Act<Own> saved, Act<Own> kept,
        Act<Own> dsaved, Ids<Routes> routes, ExpertLinear<I, O> host)
    {
        var rows = new ExpertRows(run, routes, host.Count);
        while (rows.Next())
        {
            Linear<I, O> expert = host[rows.Expert];
            LinearSlot<P, I, O> slot = _slots[rows.Expert];
            slot.BackwardAdd(
                rows.Run, rows.Of(dx, expert.Inputs), rows.Of(dy, expert.Outputs), rows.Of(x, expert.Inputs),
                rows.Saved(saved, _room, slot.SavedWidth), rows.Saved(kept, _keptRoom, slot.KeptWidth), rows.Saved(dsaved, _room, slot.SavedWidth),
                expert);
        }
    }

    /// <summary>dx = the gradient by x, and no adapter gradients.</summary>
    public void BackwardInputSet(
        Run run, Act<Routed<I>> dx, Act<Routed<O>> dy, Act<Own> kept, Act<Own> dsaved, Ids<Routes> routes, ExpertLinear<I, O> host)
    {
        var rows = new ExpertRows(run, routes, host.Count);
        while (rows.Next())
        {
            Linear<I, O> expert = host[rows.Expert];
            LinearSlot<P, I, O> slot = _slots[rows.Expert];
            slot.BackwardInputSet(
                rows.Run, rows.Of(dx, expert.Inputs), rows.Of(dy, expert.Outputs), rows.Saved(kept, _keptRoom, slot.KeptWidth),
                rows.Saved(dsaved, _room, slot.SavedWidth), expert);
        }
    }

    /// <summary>dx += the gradient by x, and no adapter gradients.</summary>
    public void BackwardInputAdd(
        Run run, Act<Routed<I>> dx, Act<Routed<O>> dy, Act<Own> kept, Act<Own> dsaved, Ids<Routes> routes, ExpertLinear<I, O> host)
    {
        var rows = new ExpertRows(run, routes, host.Count);
        while (rows.Next())
        {
            Linear<I, O> expert = host[rows.Expert];
            LinearSlot<P, I, O> slot = _slots[rows.Expert];
            slot.BackwardInputAdd(
                rows.Run, rows.Of(dx, expert.Inputs), rows.Of(dy, expert.Outputs), rows.Saved(kept, _keptRoom, slot.KeptWidth),
                rows.Saved(dsaved, _room, slot.SavedWidth), expert);
        }
    }
}
