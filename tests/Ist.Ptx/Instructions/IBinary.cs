namespace Ist.Ptx.Instructions;

/// <summary>One lane of an instruction of two sources.</summary>
internal interface IBinary<T>
{
    static abstract T Of(T a, T b);
}
