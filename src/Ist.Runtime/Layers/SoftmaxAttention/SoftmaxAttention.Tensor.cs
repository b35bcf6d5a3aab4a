using ILGPU;
using ILGPU.Runtime;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class SoftmaxAttention
{
    // Four warps with 16 rows each.
    private const int TensorThreads = 4 * Lane.Count, TensorRowsOfGroup = 64;

    private const int SmallestTensorHead = 32, LargestTensorHead = 128;

    /// <summary>
    /// Whether attention is on tensor cores: with heads of 32 to 128 elements, a multiple of 8. Not with a prefix, whose keys are
    /// trained parameters and stay F32, and not over a cache, where a text has one query at a time, and 63 of 64 rows would be idle.
    /// </summary>
    private static bool IsOnTensorCores<Q, K>(IlgpuDevice gpu, SoftmaxAttention<Q, K> attention, KeyValuePrefix prefix) where Q : IWidth where K : IWidth =>
        gpu.HasCapability8 && attention.HeadSize is >= SmallestTensorHead and <= LargestTensorHead && attention.HeadSize % 8 == 0
        && prefix.Count == 0 && attention.Cache is null;

    private static void Launch<TPass>(IlgpuDevice gpu, Precision precision, int size, in TPass pass) where TPass : struct, ITensorPass
    {
        switch (precision, size <= TensorHead64.Wide)
        {
            case (Precision.BF16, true):
                pass.Launch<BFloat16Format, TensorHead64>(gpu);
                break;
            case (Precision.BF16, false):
                pass.Launch<BFloat16Format, TensorHead128>(gpu);
                break;
            case (Precision.TF32, true):
                pass.Launch<TF32Format, TensorHead64>(gpu);
                break;
            case (Precision.TF32, false):
                pass.Launch<TF32Format, TensorHead128>(gpu);
                break;
            case (Precision.F32, true):
                pass.Launch<SplitFormat, TensorHead64>(gpu);
                break;
            case (Precision.F32, false):
                pass.Launch<SplitFormat, TensorHead128>(gpu);
                break;
        }
    }

    /// <summary>Groups for so many rows of each sequence in all heads.</summary>
    private static Index3D TensorGroups(int rows, int heads, int sequences) => new((rows + TensorRowsOfGroup - 1) / TensorRowsOfGroup, heads, sequences);

    private readonly struct TensorForwardPass(
        Index3D groups, GpuShape shape, Values y, ArrayView<float> lse, Values q, Values k, Values v) : ITensorPass
    {
        public void Launch<TFormat, THead>(IlgpuDevice gpu) where TFormat : struct, ITensorFormat where THead : struct, ITensorHead =>
            gpu.For(groups, TensorThreads, new TensorForward<TFormat, THead>(shape, y, lse, q, k, v), TensorForward<TFormat, THead>.SharedBytes);
    }

    private readonly struct TensorBackwardPass(
        Index3D ofQueries, Index3D ofKeys, GpuShape shape, Into into, Values dq, Values dk, Values dv, Values dy,
        Values q, Values k, Values v, ArrayView<float> lse, ArrayView<float> delta) : ITensorPass
    {
        public void Launch<TFormat, THead>(IlgpuDevice gpu) where TFormat : struct, ITensorFormat where THead : struct, ITensorHead
        {
            int shared = TensorTiles<TFormat, THead>.BackwardBytes;
            gpu.For(ofQueries, TensorThreads, new TensorQueries<TFormat, THead>(shape, (int)into, dq, dy, q, k, v, lse, delta), shared);
            gpu.For(ofKeys, TensorThreads, new TensorKeys<TFormat, THead>(shape, (int)into, dk, dv, dy, q, k, v, lse, delta), shared);
        }
    }
}
