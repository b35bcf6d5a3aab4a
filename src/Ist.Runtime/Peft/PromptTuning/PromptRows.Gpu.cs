using ILGPU;
using ILGPU.Runtime;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Peft;

internal static unsafe partial class PromptRows
{
    private static void Forward(IlgpuDevice gpu, Batch batch, float* y, float* rows, int width) => gpu.For(
        new Index3D(batch.PromptRows, batch.Segments, 1), Quads.Threads(width),
        new GpuForward(gpu.Values(y, (long)batch.Rows * width), gpu.View(rows, (long)batch.PromptRows * width), Segments(gpu, batch), width, Quads.AlignRows((long)y | (long)rows, width)));

    private static void Backward(IlgpuDevice gpu, Batch batch, float* drows, float* dy, int width) => gpu.For(
        batch.PromptRows, Quads.Threads(width),
        new GpuBackward(gpu.View(drows, (long)batch.PromptRows * width), gpu.Values(dy, (long)batch.Rows * width), Segments(gpu, batch), batch.Segments, width, Quads.AlignRows((long)drows | (long)dy, width)));

    private static GpuSegments Segments(IlgpuDevice gpu, Batch batch) => new(
        gpu.View(gpu.Mirror(batch, batch.SegmentRows), batch.Segments), gpu.View(gpu.Mirror(batch, batch.SegmentStart), batch.Segments));

    /// <summary>Where segments begin.</summary>
    internal readonly struct GpuSegments(ArrayView<int> first, ArrayView<int> start)
    {
        /// <summary>A segment's first row in use.</summary>
        public long this[int segment] => (long)first[segment] + start[segment];
    }

    /// <summary>A group is a row of the prompt in one segment.</summary>
    internal readonly struct GpuForward(Values y, ArrayView<float> rows, GpuSegments segments, int width, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long from = (long)Grid.IdxX * width, to = (segments[Grid.IdxY] + Grid.IdxX) * width;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                bool whole = aligned != 0 && width - i >= 4;
                Quads.Store(Quads.Load(rows, from + i, width - i, whole), y, to + i, width - i, whole);
            }
        }
    }

    /// <summary>A group is a row of the prompt.</summary>
    internal readonly struct GpuBackward(
        ArrayView<float> drows, Values dy, GpuSegments segments, int count, int width, int aligned) : IGpuJob
    {
        public void Execute()
        {
            long at = (long)Grid.IdxX * width;
            for (int i = 4 * Group.IdxX; i < width; i += 4 * Group.DimX)
            {
                bool whole = aligned != 0 && width - i >= 4;
                Quad sum = Quads.Load(drows, at + i, width - i, whole);
                for (int segment = 0; segment < count; segment++)
                    sum += Quads.Load(dy, (segments[segment] + Grid.IdxX) * width + i, width - i, whole);
                Quads.Store(sum, drows, at + i, width - i, whole);
            }
        }
    }
}
