using System.Runtime.Intrinsics;

namespace Ist.Runtime.Numerics;

/// <summary>Reads elements of a stored precision as F32; a struct, so that the JIT compiles each precision apart.</summary>
internal unsafe interface IWidening
{
    /// <summary>One element.</summary>
    static abstract float Scalar(void* data, long index);

    /// <summary>Eight elements in a row.</summary>
    static abstract Vector256<float> Eight(void* data, long index);
}
