using Ist.Ptx.Execution;

namespace Ist.Ptx.Instructions;

/// <summary>d = a and, or, xor b of predicates; without b, a itself or, negated, its opposite.</summary>
internal sealed class PredicateLogic(Register d, Register a, bool negated, Combine combine, Register? b) : Instruction
{
    public override void Execute(Warp warp, uint lanes)
    {
        uint first = negated ? ~warp.Predicate(a) : warp.Predicate(a);
        uint second = b is { } other ? warp.Predicate(other) : 0;
        warp.SetPredicate(d, lanes, combine switch
        {
            Combine.And => first & second,
            Combine.Or => first | second,
            Combine.Xor => first ^ second,
            _ => first,
        });
    }
}
