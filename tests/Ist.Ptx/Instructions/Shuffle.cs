using System.Numerics;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>shfl.sync: d = a of another lane, which b and the segments in c name; p tells whether that lane is in range.</summary>
internal sealed unsafe class Shuffle(ShuffleMode mode, Register d, Register? p, Register a, Register b, Register c, Register mask) : Converging(mask)
{
    public override void Execute(Warp warp, uint lanes)
    {
        CheckMask(warp, lanes);
        uint* from = warp.Get<uint>(a);
        uint* result = stackalloc uint[Warp.Lanes];
        uint ranges = 0;
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            int source = SourceLane(lane, (int)(warp.Get<uint>(b)[lane] & 31), warp.Get<uint>(c)[lane], out bool inRange);
            if (!inRange)
                source = lane;
            else
                ranges |= 1u << lane;
            if ((lanes >> source & 1) == 0)
                throw warp.Fault(lane, $"reads lane {source}, which takes no part in this shuffle");
            result[lane] = from[source];
        }
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            warp.Get<uint>(d)[lane] = result[lane];
        }
        if (p is { } predicate)
            warp.SetPredicate(predicate, lanes, ranges);
    }

    private int SourceLane(int lane, int b, uint c, out bool inRange)
    {
        int clamp = (int)(c & 31), segments = (int)(c >> 8 & 31);
        int last = (lane & segments) | (clamp & ~segments), first = lane & segments;
        int source = mode switch
        {
            ShuffleMode.Up => lane - b,
            ShuffleMode.Down => lane + b,
            ShuffleMode.Butterfly => lane ^ b,
            _ => first | (b & ~segments),
        };
        inRange = mode == ShuffleMode.Up ? source >= last : source <= last;
        return source;
    }
}
