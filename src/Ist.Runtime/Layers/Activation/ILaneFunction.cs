using System.Runtime.Intrinsics;

namespace Ist.Runtime.Layers;

/// <summary>
/// A function of one number, for the processor sixteen at a time and for a GPU's thread one; a struct, so that the loops over it are
/// compiled with it inside.
/// </summary>
internal interface ILaneFunction
{
    /// <summary>f(x).</summary>
    static abstract Vector512<float> Value(Vector512<float> x);

    /// <summary>f'(x).</summary>
    static abstract Vector512<float> Slope(Vector512<float> x);

    /// <summary>f(x), on a GPU.</summary>
    static abstract float Value(float x);

    /// <summary>f'(x), on a GPU.</summary>
    static abstract float Slope(float x);
}
