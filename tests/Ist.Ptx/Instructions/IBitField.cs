namespace Ist.Ptx.Instructions;

/// <summary>One lane of an instruction on a field of bits.</summary>
internal interface IBitField<T>
{
    static abstract T Of(T a, T b, uint start, uint count);
}
