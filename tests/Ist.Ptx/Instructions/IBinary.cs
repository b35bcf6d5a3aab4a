using System.Runtime.Intrinsics;

namespace Ist.Ptx.Instructions;

/// <summary>One lane of an instruction of two sources, or several with the same bits.</summary>
internal interface IBinary<T>
{
    static virtual bool HasVectors => false;

    static abstract T Of(T a, T b);

    static virtual Vector256<T> Of(Vector256<T> a, Vector256<T> b) => throw new NotSupportedException();
}
