namespace Ist.Ptx.Instructions;

/// <summary>One lane of an instruction of one source.</summary>
internal interface IUnary<T>
{
    static abstract T Of(T a);
}
