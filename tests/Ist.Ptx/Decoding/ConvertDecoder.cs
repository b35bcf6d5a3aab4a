using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;

namespace Ist.Ptx.Decoding;

/// <summary>cvt with all its roundings.</summary>
internal static class ConvertDecoder
{
    public static Instruction Decode(Form form)
    {
        string? rounding = form.Opcode.TakeOne("rn", "rz", "rm", "rp", "rna", "rni", "rzi", "rmi", "rpi");
        bool flush = form.Opcode.Take("ftz"), saturate = form.Opcode.Take("sat"), relu = form.Opcode.Take("relu");
        PtxType to = form.Opcode.Type(), from = form.Opcode.Type();
        var mode = rounding switch
        {
            "rz" or "rzi" => FloatRounding.ToZero,
            "rm" or "rmi" => FloatRounding.Down,
            "rp" or "rpi" => FloatRounding.Up,
            "rna" => FloatRounding.NearestAway,
            _ => FloatRounding.Nearest,
        };
        if (to.Name is "bf16x2" or "f16x2")
        {
            form.Count(3, 3);
            return new ConvertPair(form.Write(0, to), form.Read(1, from), form.Read(2, from), to.Name[..^2], mode, relu);
        }
        form.Count(2, 2);
        Register d = form.WriteWide(0, to), a = form.ReadWide(1, from);
        if (to.IsWhole && from.IsWhole)
        {
            return rounding is null && !flush && !relu ? Whole(form, to, from, saturate, d, a) : throw form.Opcode.Unknown("a rounding of whole numbers");
        }
        bool whole = rounding?[^1] == 'i';
        bool toFloat = to.IsFloat || to.Name == "tf32";
        if (!toFloat && !whole)
            throw form.Opcode.Unknown("it needs a rounding to a whole number");
        if (toFloat && whole && to != from)
            throw form.Opcode.Unknown("a rounding to a whole number of another type");
        bool narrows = toFloat && !whole && (!from.IsFloat || to.Bytes < from.Bytes || to.Name == "tf32");
        if (narrows != (rounding is not null && !whole))
            throw form.Opcode.Unknown(narrows ? "it needs a rounding" : "it needs no rounding");
        if (!from.IsFloat && from.Bytes == 8)
            return mode == FloatRounding.Nearest && !saturate ? Long(form, to, from, d, a) : throw form.Opcode.Unknown("of 64 bits only .rn is known here");
        if (toFloat && whole)
            return new RoundFloat(d, a, to.Name, mode, flush, saturate);
        return new ConvertFloat(d, a, to.Name, from.Name, mode, flush, saturate, relu);
    }

    private static Instruction Long(Form form, PtxType to, PtxType from, Register d, Register a) => (to.Name, from.Name) switch
    {
        ("f32", "s64") => new Mixed<long, float, Nearest<long, float>>(d, a),
        ("f32", "u64") => new Mixed<ulong, float, Nearest<ulong, float>>(d, a),
        ("f64", "s64") => new Mixed<long, double, Nearest<long, double>>(d, a),
        ("f64", "u64") => new Mixed<ulong, double, Nearest<ulong, double>>(d, a),
        // Beyond 2^53, where double rounds first, halves are infinite anyway.
        ("f16", _) => new ConvertFloat(d, a, to.Name, from.Name, FloatRounding.Nearest, false, false, false),
        _ => throw form.Opcode.Unknown($"{from} as {to}"),
    };

    private static Instruction Whole(Form form, PtxType to, PtxType from, bool saturate, Register d, Register a)
    {
        Instruction Result<TFrom, TNarrow>() where TFrom : unmanaged, IBinaryInteger<TFrom> where TNarrow : unmanaged, IBinaryInteger<TNarrow> =>
            // Narrow results fill a wider register with their sign.
            d.Bytes switch
            {
                2 => new ConvertWhole<TFrom, TNarrow, ushort>(d, a, saturate),
                4 => new ConvertWhole<TFrom, TNarrow, uint>(d, a, saturate),
                _ => new ConvertWhole<TFrom, TNarrow, ulong>(d, a, saturate),
            };
        Instruction From<TFrom>() where TFrom : unmanaged, IBinaryInteger<TFrom> => to.Name switch
        {
            "s8" => Result<TFrom, sbyte>(),
            "s16" => Result<TFrom, short>(),
            "s32" => Result<TFrom, int>(),
            "s64" => Result<TFrom, long>(),
            "u8" => Result<TFrom, byte>(),
            "u16" => Result<TFrom, ushort>(),
            "u32" => Result<TFrom, uint>(),
            "u64" => Result<TFrom, ulong>(),
            _ => throw form.Opcode.Unknown($"type {to}"),
        };
        return from.Name switch
        {
            "s8" => From<sbyte>(),
            "s16" => From<short>(),
            "s32" => From<int>(),
            "s64" => From<long>(),
            "u8" => From<byte>(),
            "u16" => From<ushort>(),
            "u32" => From<uint>(),
            "u64" => From<ulong>(),
            _ => throw form.Opcode.Unknown($"type {from}"),
        };
    }
}
