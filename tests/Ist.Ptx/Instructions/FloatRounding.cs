namespace Ist.Ptx.Instructions;

/// <summary>How a value that a type does not have is rounded: to the nearest (even, or away from zero where two are), to zero, down, up.</summary>
internal enum FloatRounding
{
    Nearest,
    NearestAway,
    ToZero,
    Down,
    Up,
}
