using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Layers;

/// <summary>
/// A frozen weight as the right factor of its layer's two products, y = x W^T and dx = dy W, packed once for a whole run instead of in
/// each product. Both are F32, so they take twice the room of the weight where that is F32, and four times where it has 16 bits.
/// </summary>
internal sealed unsafe class PackedFactors
{
    /// <summary>W^T [I, O]; null while it is not packed.</summary>
    public float* Transposed { get; private set; }

    /// <summary>W [O, I]; null while it is not packed.</summary>
    public float* Plain { get; private set; }

    /// <summary>Takes the memory, and packs the weight where there is some. Called twice, first to measure.</summary>
    /// <param name="arena">Has the memory and the most rows of a product; products of fewer than are worth it read the weight itself.</param>
    /// <param name="plain">W.</param>
    /// <param name="transposed">W^T.</param>
    /// <param name="inputs">Columns of W.</param>
    /// <param name="outputs">Rows of W.</param>
    public void Reserve(Arena arena, MatrixOperand plain, MatrixOperand transposed, int inputs, int outputs)
    {
        Transposed = Pack(arena, transposed, inputs, outputs);
        Plain = Pack(arena, plain, outputs, inputs);
    }

    /// <summary>Forgets the memory.</summary>
    public void Release() => Transposed = Plain = null;

    private static float* Pack(Arena arena, MatrixOperand factor, int k, int n)
    {
        if (!SharedProduct.Suits(arena.Rows, n, k))
            return null;
        float* panels = arena.Floats(SharedProduct.PanelFloats(k, n), MemoryKind.PackedWeights);
        if (!arena.Measuring)
            SharedProduct.PackRight((CpuDevice)arena.Device, factor, k, n, panels);
        return panels;
    }
}
