namespace Ist.Ptx.Instructions;

/// <summary>One lane of an instruction of three sources.</summary>
internal interface ITernary<T>
{
    static abstract T Of(T a, T b, T c);
}
