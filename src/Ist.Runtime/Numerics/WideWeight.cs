using System.Runtime.Intrinsics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>A vector of weights that kernels read as F32 whatever the file's precision.</summary>
internal readonly unsafe struct WideWeight(void* data, DType dtype)
{
    public static WideWeight Of(Weight weight) => new(weight.Data, weight.DType);

    public float this[long at] => dtype switch
    {
        DType.F32 => ((float*)data)[at],
        DType.BF16 => BitConverter.UInt32BitsToSingle((uint)((ushort*)data)[at] << 16),
        _ => (float)((Half*)data)[at],
    };

    /// <summary>Sixteen weights.</summary>
    public Vector512<float> Load16(long at)
    {
        if (dtype == DType.F32)
            return Vector512.Load((float*)data + at);
        float* wide = stackalloc float[Lanes.Count];
        for (int i = 0; i < Lanes.Count; i++)
            wide[i] = this[at + i];
        return Vector512.Load(wide);
    }
}
