using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>shfl.sync, vote.sync, activemask.</summary>
internal static class WarpDecoder
{
    public static Instruction Decode(Form form)
    {
        if (form.Opcode.Name == "activemask")
        {
            form.Opcode.Type();
            return new ActiveMask(form.Write(0, PtxType.B32));
        }
        form.Opcode.Expect("sync");
        return form.Opcode.Name == "shfl" ? Shuffled(form) : Voted(form);
    }

    private static Shuffle Shuffled(Form form)
    {
        form.Count(5, 5);
        var mode = form.Opcode.Expect("up", "down", "bfly", "idx") switch
        {
            "up" => ShuffleMode.Up,
            "down" => ShuffleMode.Down,
            "bfly" => ShuffleMode.Butterfly,
            _ => ShuffleMode.Index,
        };
        var type = form.Opcode.Type();
        if (type != PtxType.B32)
            throw form.Opcode.Unknown($"type {type}");
        Register? p = null;
        Register d;
        if (form.Operands[0] is PairOperand pair)
            (d, p) = (form.Write(pair.First, type, exact: true), form.Write(pair.Second, PtxType.Pred, exact: true));
        else
            d = form.Write(0, type);
        return new Shuffle(mode, d, p, form.Read(1, type), form.Read(2, PtxType.B32), form.Read(3, PtxType.B32), form.Read(4, PtxType.B32));
    }

    private static Vote Voted(Form form)
    {
        form.Count(3, 3);
        var mode = form.Opcode.Expect("all", "any", "uni", "ballot") switch
        {
            "all" => VoteMode.All,
            "any" => VoteMode.Any,
            "uni" => VoteMode.Uniform,
            _ => VoteMode.Ballot,
        };
        var type = form.Opcode.Type();
        if (type != (mode == VoteMode.Ballot ? PtxType.B32 : PtxType.Pred))
            throw form.Opcode.Unknown($"type {type}");
        var d = form.Write(0, type);
        var (a, negated) = form.Predicate(1);
        return new Vote(mode, d, a, negated, form.Read(2, PtxType.B32));
    }
}
