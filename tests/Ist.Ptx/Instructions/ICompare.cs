namespace Ist.Ptx.Instructions;

/// <summary>One lane of a comparison.</summary>
internal interface ICompare<T>
{
    static abstract bool Of(T a, T b);
}
