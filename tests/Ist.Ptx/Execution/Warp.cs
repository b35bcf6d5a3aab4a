using System.Numerics;
using System.Runtime.InteropServices;
using Ist.Ptx.Memory;

namespace Ist.Ptx.Execution;

/// <summary>32 lanes: registers, and which lanes stand where. Lanes at the lowest instruction run first; see Warp.Schedule.cs.</summary>
internal sealed unsafe partial class Warp : IDisposable
{
    public const int Lanes = 32;

    private readonly Kernel _kernel;
    private readonly Instruction[] _code;
    private readonly byte* _data;
    private readonly uint[] _predicates;
    private readonly uint* _written;
    private readonly uint _born;

    public Warp(Block block, int index)
    {
        (Block, Index, _kernel, _code) = (block, index, block.Kernel, block.Kernel.Instructions);
        _data = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, _kernel.RegisterBytes), 64);
        _predicates = new uint[_kernel.RegisterNames.Count];
        _written = (uint*)NativeMemory.Alloc((nuint)Math.Max(1, _kernel.RegisterNames.Count), sizeof(uint));
        long threads = block.Threads.Count - (long)index * Lanes;
        _born = threads >= Lanes ? uint.MaxValue : (1u << (int)threads) - 1;
        Local = new LocalMemory(_kernel.LocalBytes);
        Copies = new AsyncCopies(this);
        foreach (var (register, bits) in _kernel.Constants)
            Fill(register, bits);
    }

    public Block Block { get; }

    public int Index { get; }

    public LocalMemory Local { get; }

    public AsyncCopies Copies { get; }

    /// <summary>Lanes that have not exited.</summary>
    public uint Alive { get; private set; }

    /// <summary>What the race detector knows of lane 0: the synchronisations of this warp since the last barrier of the block, and the thread.</summary>
    public uint RaceTag { get; private set; }

    /// <summary>The barrier this warp waits at, if it does.</summary>
    public BarrierWait? Waiting { get; private set; }

    /// <summary>The lanes of a register.</summary>
    public T* Get<T>(Register register) where T : unmanaged => (T*)(_data + register.Offset);

    /// <summary>A predicate's 32 lanes as bits.</summary>
    public ref uint Predicate(Register register) => ref _predicates[register.Index];

    /// <summary>Sets a predicate in <paramref name="lanes"/> only.</summary>
    public void SetPredicate(Register register, uint lanes, uint value)
    {
        ref uint predicate = ref _predicates[register.Index];
        predicate = (predicate & ~lanes) | (value & lanes);
    }

    /// <summary>Starts the warp in another block.</summary>
    public void Start()
    {
        new Span<uint>(_written, _kernel.RegisterNames.Count).Clear();
        Alive = _active = _born;
        (_parked, _pc, _next, Waiting, RaceTag) = (0, 0, int.MaxValue, null, FirstTag);
        _budget = Block.Launch.BranchLimit;
        Local.Forget();
        Copies.Forget();
        foreach (var (register, _) in _kernel.Constants)
            _written[register.Index] = uint.MaxValue;
        foreach (var (register, special) in _kernel.Specials)
            Fill(register, special);
    }

    /// <summary>Accesses before and after are ordered within this warp.</summary>
    public void Synchronize() => RaceTag = Math.Min(RaceTag + (1 << 16), uint.MaxValue << 16 | FirstTag);

    public Index3 Thread(int lane) => Block.Threads.At(Index * Lanes + lane);

    /// <summary>A fault of <paramref name="lane"/> at the instruction that runs.</summary>
    public PtxException Fault(int lane, string problem) => Fault(_code[_running], lane, problem);

    public PtxException Fault(Instruction at, int lane, string problem) =>
        new(_kernel.Name, at.Line, at.Source, Block.Index, Thread(lane), problem);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        NativeMemory.Free(_written);
        Local.Dispose();
    }

    private uint FirstTag => (uint)(Index * Lanes);

    private void Fill(Register register, ulong bits)
    {
        _written[register.Index] = uint.MaxValue;
        for (int lane = 0; lane < Lanes; lane++)
        {
            switch (register.Bytes)
            {
                case 0: _predicates[register.Index] = bits == 0 ? 0 : uint.MaxValue; break;
                case 2: Get<ushort>(register)[lane] = (ushort)bits; break;
                case 4: Get<uint>(register)[lane] = (uint)bits; break;
                default: Get<ulong>(register)[lane] = bits; break;
            }
        }
    }

    private void Fill(Register register, Special special)
    {
        _written[register.Index] = uint.MaxValue;
        for (int lane = 0; lane < Lanes; lane++)
        {
            uint value = Value(special, lane);
            if (register.Bytes == 2)
                Get<ushort>(register)[lane] = (ushort)value;
            else if (register.Bytes == 4)
                Get<uint>(register)[lane] = value;
            else
                Get<ulong>(register)[lane] = value;
        }
    }

    private uint Value(Special special, int lane)
    {
        var (thread, threads, block, grid) = (Thread(lane), Block.Threads, Block.Index, Block.Launch.Grid);
        uint below = (1u << lane) - 1;
        return special switch
        {
            Special.TidX => (uint)thread.X,
            Special.TidY => (uint)thread.Y,
            Special.TidZ => (uint)thread.Z,
            Special.NtidX => (uint)threads.X,
            Special.NtidY => (uint)threads.Y,
            Special.NtidZ => (uint)threads.Z,
            Special.CtaidX => (uint)block.X,
            Special.CtaidY => (uint)block.Y,
            Special.CtaidZ => (uint)block.Z,
            Special.NctaidX => (uint)grid.X,
            Special.NctaidY => (uint)grid.Y,
            Special.NctaidZ => (uint)grid.Z,
            Special.LaneId => (uint)lane,
            Special.WarpId => (uint)Index,
            Special.NumberOfWarps => (uint)Block.Warps,
            Special.WarpSize => Lanes,
            Special.LanesEqual => 1u << lane,
            Special.LanesBelow => below,
            Special.LanesUpTo => below | (1u << lane),
            Special.LanesAbove => ~(below | (1u << lane)),
            Special.LanesFrom => ~below,
            Special.DynamicSharedAddress => (uint)(SharedMemory.Base + ((_kernel.StaticSharedBytes + 15) & ~15)),
            Special.DynamicSharedBytes => (uint)Block.Launch.DynamicSharedBytes,
            _ => (uint)(Block.Launch.DynamicSharedBytes + _kernel.StaticSharedBytes),
        };
    }
}
