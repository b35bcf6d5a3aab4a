using System.Runtime.InteropServices;
using Ist.SideBySide.Sides;

namespace Ist.SideBySide.Products;

/// <summary>C[n, n] = A[n, n] B[n, n] in F32, of the same numbers on every side.</summary>
internal abstract unsafe class ProductSide(ProductOptions options) : ISide
{
    protected int Size { get; } = options.Size;

    protected float* A { get; } = Random(1, options.Size);

    protected float* B { get; } = Random(2, options.Size);

    protected float* C { get; } = (float*)NativeMemory.AlignedAlloc((nuint)(options.Size * options.Size * sizeof(float)), 64);

    public virtual IEnumerable<string> Notes => [];

    public void BeginMeasuring()
    {
    }

    public abstract void Step();

    /// <summary>The sum of C's squares.</summary>
    public double Result
    {
        get
        {
            double sum = 0;
            foreach (float value in Product)
                sum += (double)value * value;
            return sum;
        }
    }

    /// <summary>C, row-major.</summary>
    protected virtual ReadOnlySpan<float> Product => new(C, Size * Size);

    public virtual void Dispose()
    {
        NativeMemory.AlignedFree(A);
        NativeMemory.AlignedFree(B);
        NativeMemory.AlignedFree(C);
    }

    private static float* Random(int seed, int size)
    {
        var random = new Random(seed);
        float* numbers = (float*)NativeMemory.AlignedAlloc((nuint)(size * size * sizeof(float)), 64);
        for (int i = 0; i < size * size; i++)
            numbers[i] = random.NextSingle() - 0.5f;
        return numbers;
    }
}
