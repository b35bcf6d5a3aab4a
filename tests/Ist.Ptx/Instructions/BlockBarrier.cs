using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>bar.sync and bar.red: the warp waits until the threads of its block are there; bar.red tells how many of them had a predicate set.</summary>
internal sealed unsafe class BlockBarrier(Register number, Register? threads, BarrierResult result, Register? d, Register? a, bool negated) : Converging(null)
{
    public override void Execute(Warp warp, uint lanes)
    {
        int lane = BitOperations.TrailingZeroCount(lanes);
        uint id = warp.Get<uint>(number)[lane];
        if (id > 15)
            throw warp.Fault(lane, $"barrier {id}: a block has barriers 0 to 15");
        int? count = threads is { } register ? (int)warp.Get<uint>(register)[lane] : null;
        if (count is { } some && (some <= 0 || some % Warp.Lanes != 0))
            throw warp.Fault(lane, $"a barrier of {some} threads: the count must be a multiple of {Warp.Lanes}");
        uint predicate = a is { } p ? (negated ? ~warp.Predicate(p) : warp.Predicate(p)) & lanes : 0;
        warp.Wait(new BarrierWait(this, (int)id, count, lanes, predicate, result == BarrierResult.None ? null : Opened));
    }

    private void Opened(Warp warp, IReadOnlyList<BarrierWait> together)
    {
        uint lanes = warp.Waiting!.Lanes;
        int set = together.Sum(wait => BitOperations.PopCount(wait.Predicate));
        int all = together.Sum(wait => BitOperations.PopCount(wait.Lanes));
        if (result != BarrierResult.Count)
        {
            warp.SetPredicate(d!.Value, lanes, (result == BarrierResult.And ? set == all : set > 0) ? uint.MaxValue : 0);
            return;
        }
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
            warp.Get<uint>(d!.Value)[BitOperations.TrailingZeroCount(rest)] = (uint)set;
    }
}
