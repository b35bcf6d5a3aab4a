using System.Runtime.Intrinsics;

namespace Ist.Runtime.Layers;

/// <summary>A function of one number, sixteen at a time; a struct, so that the loops over it are compiled with it inside.</summary>
internal interface ILaneFunction
{
    /// <summary>f(x).</summary>
    static abstract Vector512<float> Value(Vector512<float> x);

    /// <summary>f'(x).</summary>
    static abstract Vector512<float> Slope(Vector512<float> x);
}
