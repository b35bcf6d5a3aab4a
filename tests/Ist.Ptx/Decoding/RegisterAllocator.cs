using Ist.Ptx.Execution;

namespace Ist.Ptx.Decoding;

/// <summary>Gives registers their places in the register file; constants and special registers are registers too, filled as a warp starts.</summary>
internal sealed class RegisterAllocator
{
    private static readonly Dictionary<string, Special> _specials = new()
    {
        ["%tid.x"] = Special.TidX,
        ["%tid.y"] = Special.TidY,
        ["%tid.z"] = Special.TidZ,
        ["%ntid.x"] = Special.NtidX,
        ["%ntid.y"] = Special.NtidY,
        ["%ntid.z"] = Special.NtidZ,
        ["%ctaid.x"] = Special.CtaidX,
        ["%ctaid.y"] = Special.CtaidY,
        ["%ctaid.z"] = Special.CtaidZ,
        ["%nctaid.x"] = Special.NctaidX,
        ["%nctaid.y"] = Special.NctaidY,
        ["%nctaid.z"] = Special.NctaidZ,
        ["%laneid"] = Special.LaneId,
        ["%warpid"] = Special.WarpId,
        ["%nwarpid"] = Special.NumberOfWarps,
        ["WARP_SZ"] = Special.WarpSize,
        ["%lanemask_eq"] = Special.LanesEqual,
        ["%lanemask_lt"] = Special.LanesBelow,
        ["%lanemask_le"] = Special.LanesUpTo,
        ["%lanemask_gt"] = Special.LanesAbove,
        ["%lanemask_ge"] = Special.LanesFrom,
        ["%dynamic_smem_size"] = Special.DynamicSharedBytes,
        ["%total_smem_size"] = Special.TotalSharedBytes,
    };

    private readonly List<string> _names = [];
    private readonly Dictionary<(ulong Bits, int Bytes), Register> _constants = [];
    private readonly Dictionary<(Special Special, int Bytes), Register> _born = [];

    public IReadOnlyList<string> Names => _names;

    public int Bytes { get; private set; }

    public IReadOnlyList<(Register, ulong)> Constants => [.. _constants.Select(entry => (entry.Value, entry.Key.Bits))];

    public IReadOnlyList<(Register, Special)> Specials => [.. _born.Select(entry => (entry.Value, entry.Key.Special))];

    /// <summary>A register for a value of a type; single bytes have registers of two.</summary>
    public Register Allocate(string name, PtxType type)
    {
        int bytes = type.Bytes == 1 ? 2 : type.Bytes;
        var register = new Register(_names.Count, Bytes, bytes);
        _names.Add(name);
        Bytes += bytes * Warp.Lanes;
        return register;
    }

    public Register Constant(ulong bits, PtxType type)
    {
        var key = (bits, type.Bytes);
        if (!_constants.TryGetValue(key, out var register))
            _constants.Add(key, register = Allocate("a constant", type));
        return register;
    }

    /// <summary>A special register, with zeros before it where it is read as a wider one; null for a name that is none.</summary>
    public Register? BornAs(string name, PtxType type)
    {
        return _specials.TryGetValue(name, out var special) ? Born(special, type) : null;
    }

    public Register Born(Special special, PtxType type)
    {
        if (!_born.TryGetValue((special, type.Bytes), out var register))
            _born.Add((special, type.Bytes), register = Allocate(special.ToString(), type));
        return register;
    }
}
