namespace Ist.Runtime.Optimizers;

/// <summary>Some elements of a gradient on a card; a group's work. 16 bytes, since views count in whole elements from address 0.</summary>
internal struct GradientPiece
{
    /// <summary>The place of the first in the card's memory, in floats, a multiple of 16.</summary>
    public long First;

    /// <summary>How many.</summary>
    public int Count;

    private readonly int _fill;
}
