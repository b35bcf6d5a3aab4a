namespace Ist.Ptx.Instructions;

/// <summary>One lane of a shift.</summary>
internal interface IShift<T>
{
    static abstract T Of(T a, uint count);
}
