using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>A matrix in memory: element (i, j) at <c>i * RowStride + j * ColumnStride</c>.</summary>
internal readonly unsafe struct MatrixOperand(void* data, DType dtype, long rowStride, long columnStride)
{
    public void* Data { get; } = data;

    public DType DType { get; } = dtype;

    public long RowStride { get; } = rowStride;

    public long ColumnStride { get; } = columnStride;

    /// <summary>One element, widened.</summary>
    public float Load(long at) => DType switch
    {
        DType.F32 => ((float*)Data)[at],
        DType.BF16 => BitConverter.UInt32BitsToSingle((uint)((ushort*)Data)[at] << 16),
        _ => (float)((Half*)Data)[at],
    };
}
