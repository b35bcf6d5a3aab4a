namespace Ist.Ptx.Instructions;

internal enum ShuffleMode
{
    Up,
    Down,
    Butterfly,
    Index,
}
