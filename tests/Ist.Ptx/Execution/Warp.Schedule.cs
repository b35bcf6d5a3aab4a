using System.Numerics;

namespace Ist.Ptx.Execution;

/// <summary>
/// Which lanes run. Lanes at the same instruction run together, the lowest instruction first, so that lanes which parted meet again. At an
/// instruction that needs other lanes too (a shuffle, a barrier), lanes are parked until those come; if all lanes are parked and none may
/// go on, they never will, and that is a fault.
/// </summary>
internal sealed unsafe partial class Warp
{
    private readonly int[] _standing = new int[Lanes];
    private uint _active;
    private uint _parked;
    private int _pc;
    private int _next;
    private int _running;
    private long _budget;

    /// <summary>Runs until all lanes have exited or wait at a barrier of the block.</summary>
    public void Run()
    {
        Waiting = null;
        try
        {
            RunLanes();
        }
        catch (DivideByZeroException)
        {
            throw Fault(BitOperations.TrailingZeroCount(_active), "a whole number is divided by 0");
        }
    }

    private void RunLanes()
    {
        while (true)
        {
            if ((_active == 0 || _pc >= _next) && !Schedule())
                return;
            _running = _pc;
            var instruction = _code[_pc];
            uint lanes = _active;
            if (instruction.Guard is { } guard)
            {
                Check(guard, lanes);
                lanes &= instruction.GuardNegated ? ~_predicates[guard.Index] : _predicates[guard.Index];
            }
            if (instruction.Converges && lanes != 0 && (instruction.Members(this, lanes) & Alive & ~lanes) != 0)
            {
                Park(lanes);
                continue;
            }
            _pc++;
            if (lanes == 0)
                continue;
            foreach (ref readonly var register in instruction.Reads.AsSpan())
            {
                if ((lanes & ~_written[register.Index]) != 0)
                    Check(register, lanes);
            }
            instruction.Execute(this, lanes);
            foreach (ref readonly var register in instruction.Writes.AsSpan())
                _written[register.Index] |= lanes;
            if (Waiting is not null)
                return;
        }
    }

    /// <summary>Lanes that take a branch; the others go on.</summary>
    public void Branch(uint lanes, int target)
    {
        if (target <= _running && --_budget < 0)
            throw Fault(BitOperations.TrailingZeroCount(lanes), "the branch limit is reached: this loop does not seem to end");
        if (lanes == _active)
        {
            _pc = target;
            return;
        }
        Leave(lanes, target);
    }

    /// <summary>True where <paramref name="lanes"/> are all that run at this instruction.</summary>
    public bool RunsAlone(uint lanes) => lanes == _active;

    public void Exit(uint lanes)
    {
        Alive &= ~lanes;
        _active &= ~lanes;
    }

    public void Wait(BarrierWait wait) => Waiting = wait;

    /// <summary>The block's barrier has opened.</summary>
    public void Open(IReadOnlyList<BarrierWait> together)
    {
        Waiting!.Opened?.Invoke(this, together);
        (Waiting, RaceTag) = (null, FirstTag);
    }

    private void Check(Register register, uint lanes)
    {
        uint missing = lanes & ~_written[register.Index];
        if (missing != 0)
            throw Fault(BitOperations.TrailingZeroCount(missing), $"reads a register that was never written ({_kernel.RegisterNames[register.Index]})");
    }

    private void Leave(uint lanes, int at)
    {
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
            _standing[BitOperations.TrailingZeroCount(rest)] = at;
        _active &= ~lanes;
        _next = Math.Min(_next, at);
    }

    private void Park(uint lanes)
    {
        Leave(_active & ~lanes, _pc + 1);
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
            _standing[BitOperations.TrailingZeroCount(rest)] = _pc;
        _parked |= lanes;
        _active = 0;
        FindNext(~_parked);
    }

    /// <summary>Takes the lanes at the lowest instruction. False where all have exited.</summary>
    private bool Schedule()
    {
        Leave(_active, _pc);
        uint ready = Alive & ~_parked;
        if (ready == 0)
            return Alive != 0 && Unpark();
        _pc = Lowest(ready);
        Take(ready);
        return true;
    }

    private bool Unpark()
    {
        for (uint rest = Alive; rest != 0;)
        {
            int at = Lowest(rest);
            uint group = At(at, rest);
            if ((_code[at].Members(this, group) & Alive & ~group) == 0)
            {
                (_pc, _active) = (at, group);
                _parked &= ~group;
                FindNext(0);
                return true;
            }
            rest &= ~group;
        }
        int lowest = Lowest(Alive);
        uint there = At(lowest, Alive);
        int missing = BitOperations.TrailingZeroCount(Alive & ~there);
        throw Fault(
            _code[lowest],
            BitOperations.TrailingZeroCount(there),
            missing < Lanes
                ? $"lanes of a warp diverge: lane {missing} never comes here, it stands at line {_code[_standing[missing]].Line}"
                : "the lanes that are here are not those that this instruction names");
    }

    private void Take(uint ready)
    {
        _active = At(_pc, ready);
        FindNext(ready & ~_active);
    }

    private void FindNext(uint ready)
    {
        ready &= Alive & ~_active;
        _next = ready == 0 ? int.MaxValue : Lowest(ready);
    }

    private int Lowest(uint lanes)
    {
        int lowest = int.MaxValue;
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
            lowest = Math.Min(lowest, _standing[BitOperations.TrailingZeroCount(rest)]);
        return lowest;
    }

    private uint At(int instruction, uint lanes)
    {
        uint there = 0;
        for (uint rest = lanes; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            if (_standing[lane] == instruction)
                there |= 1u << lane;
        }
        return there;
    }
}
