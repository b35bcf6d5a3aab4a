using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;

namespace Ist.Ptx.Decoding;

/// <summary>selp and slct.</summary>
internal static class SelectDecoder
{
    public static Instruction Decode(Form form)
    {
        form.Count(4, 4);
        form.Opcode.Take("ftz");
        var type = form.Opcode.Type();
        Register d = form.Write(0, type), a = form.Read(1, type), b = form.Read(2, type);
        if (form.Opcode.Name == "selp")
        {
            var (c, negated) = form.Predicate(3);
            return type.Bytes switch
            {
                2 => new Select<ushort>(d, a, b, c, negated),
                4 => new Select<uint>(d, a, b, c, negated),
                8 => new Select<ulong>(d, a, b, c, negated),
                _ => throw form.Opcode.Unknown($"type {type}"),
            };
        }
        var signType = form.Opcode.Type();
        var sign = form.Read(3, signType);
        return (type.Bytes, signType.Name) switch
        {
            (2, "s32") => new SelectBySign<ushort, int>(d, a, b, sign),
            (4, "s32") => new SelectBySign<uint, int>(d, a, b, sign),
            (8, "s32") => new SelectBySign<ulong, int>(d, a, b, sign),
            (2, "f32") => new SelectBySign<ushort, float>(d, a, b, sign),
            (4, "f32") => new SelectBySign<uint, float>(d, a, b, sign),
            (8, "f32") => new SelectBySign<ulong, float>(d, a, b, sign),
            _ => throw form.Opcode.Unknown($"types {type} and {signType}"),
        };
    }
}
