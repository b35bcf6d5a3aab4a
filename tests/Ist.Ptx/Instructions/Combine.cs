namespace Ist.Ptx.Instructions;

/// <summary>How a comparison is combined with a third predicate.</summary>
internal enum Combine
{
    None,
    And,
    Or,
    Xor,
}
