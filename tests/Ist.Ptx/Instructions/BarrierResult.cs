namespace Ist.Ptx.Instructions;

internal enum BarrierResult
{
    None,
    Count,
    And,
    Or,
}
