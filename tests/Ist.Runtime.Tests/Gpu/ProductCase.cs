using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Numerics;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>A product C [m, n] = A B on the GPU beside the same one in double precision, of the factors as the kernel rounds them.</summary>
internal sealed unsafe class ProductCase
{
    // Exact in BF16.
    private const float Untouched = 12288;

    private delegate void Multiply(Into into, float alpha, float* c, int ldc);

    private readonly GpuTest _test;
    private readonly int _m, _n, _k, _gap;
    private readonly bool _turnedA, _turnedB;
    private readonly DType _activations;
    private readonly double[] _sums, _sizes;
    private readonly MatrixOperand _a, _b;

    /// <summary>Random factors of some layout.</summary>
    /// <param name="test">Has the device.</param>
    /// <param name="m">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Terms.</param>
    /// <param name="turnedA">Whether A is stored [k, m].</param>
    /// <param name="turnedB">Whether B is stored [n, k], as the weight of a linear layer.</param>
    /// <param name="dtype">The precision of B.</param>
    /// <param name="rounded">What the kernel makes of a factor's element.</param>
    /// <param name="drawn">What is made of a random number before it is an element in F32; nothing where it is left out.</param>
    /// <param name="activations">In what A and C are stored: F32, or BF16, to which results are rounded.</param>
    /// <param name="gap">Elements between two rows of C.</param>
    public ProductCase(
        GpuTest test, int m, int n, int k, bool turnedA, bool turnedB, DType dtype, Func<float, float> rounded, Func<float, float>? drawn = null,
        DType activations = DType.F32, int gap = 3)
    {
        (_test, _m, _n, _k, _turnedA, _turnedB, _activations, _gap) = (test, m, n, k, turnedA, turnedB, activations, gap);
        drawn ??= value => value;
        float[] a = Factor(m * k, 1, activations, drawn, out float* dataOfA), b = Factor(k * n, 2, dtype, drawn, out float* dataOfB);
        dataOfA = activations == DType.BF16 ? BFloat16Address.Of(dataOfA) : dataOfA;
        _a = turnedA ? MatrixOperand.Transposed(dataOfA, m) : MatrixOperand.Plain(dataOfA, k);
        _b = turnedB ? new MatrixOperand(dataOfB, dtype, 1, k) : new MatrixOperand(dataOfB, dtype, n, 1);
        _sums = new double[m * n];
        _sizes = new double[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                for (int l = 0; l < k; l++)
                {
                    double product = (double)rounded(a[turnedA ? l * m + i : i * k + l]) * rounded(b[turnedB ? j * k + l : l * n + j]);
                    _sums[i * n + j] += product;
                    _sizes[i * n + j] += Math.Abs(product);
                }
            }
        }
    }

    /// <summary>
    /// Computes C = 0.5 A B, then C -= 0.25 A B, twice. Fails unless every element is as near to the sum as so many units of 2^-24 of the sum of
    /// |a b|, both runs have the same bits, and nothing beside C is written.
    /// </summary>
    public void Check(ProductPlan plan, double units) => Check(
        $"{plan}", units, (into, alpha, c, ldc) => MatrixProduct.Multiply(_test.Device, plan, into, alpha, c, ldc, _m, _n, _k, _a, _b));

    /// <summary>The same piece by piece.</summary>
    public void Check(ProductPlan plan, CopyPlan pieces, double units) => Check(
        $"{plan}, {pieces}", units, (into, alpha, c, ldc) => MatrixProduct.Multiply(_test.Device, plan, pieces, into, alpha, c, ldc, _m, _n, _k, _a, _b));

    /// <summary>The same by cuBLAS.</summary>
    public void Check(LibraryPlan plan, double units) => Check(
        $"{plan}", units, (into, alpha, c, ldc) => MatrixProduct.Multiply(_test.Device, _test.Device.Cublas!, plan, into, alpha, c, ldc, _m, _n, _k, _a, _b));

    private void Check(string plan, double units, Multiply multiply)
    {
        float[] first = Compute(multiply, alone: false), alone = Compute(multiply, alone: true);
        Assert.Equal(first, Compute(multiply, alone: false));
        for (int at = 0; at < first.Length; at++)
        {
            int row = at / (_n + _gap), column = at % (_n + _gap);
            if (column >= _n)
            {
                Assert.Equal(Untouched, first[at]);
                continue;
            }
            Near(0, 0.5, alone[at], row, column, 0.5 * units, plan);
            // What was added to may have been rounded.
            if (_activations == DType.F32)
                Near(0, 0.25, first[at], row, column, 0.75 * units, plan);
            else
                Near(alone[at], -0.25, first[at], row, column, 0.25 * units, plan);
        }
    }

    private void Near(float before, double alpha, float actual, int row, int column, double units, string plan)
    {
        double expected = before + alpha * _sums[row * _n + column], unit = _sizes[row * _n + column] / (1 << 24), distance = Math.Abs(actual - expected);
        double half = _activations == DType.BF16 ? Math.ScaleB(1, Math.ILogB(Math.Abs(expected) + units * unit) - 8) : 0;
        Assert.True(
            distance <= half + units * unit,
            $"{plan} of [{_m}, {_n}] with {_k} terms{(_turnedA ? ", A turned" : "")}{(_turnedB ? ", B turned" : "")}: [{row}, {column}] is {actual:R}, expected {expected:R}: {distance / unit:F2} units, allowed {units:F2}");
    }

    private float[] Compute(Multiply multiply, bool alone)
    {
        int ldc = _n + _gap;
        float* empty = _test.Cpu.Floats(_m * ldc);
        var rows = new Span<float>(empty, _m * ldc);
        rows.Fill(Untouched);
        for (int row = 0; row < _m; row++)
            rows.Slice(row * ldc, _n).Fill(float.NaN);
        float* c = _test.Copy(new Act<Own>(empty, _m * ldc), _activations).Data;
        multiply(Into.Set, 0.5f, c, ldc);
        if (!alone)
            multiply(Into.Add, -0.25f, c, ldc);
        return _test.Floats(c, _m * ldc);
    }

    // As it is stored, widened.
    private float[] Factor(int count, int seed, DType dtype, Func<float, float> drawn, out float* data)
    {
        float[] values = new float[count];
        Numbers.Fill(values, seed, 1);
        float* memory = _test.Cpu.Floats(count);
        for (int i = 0; i < count; i++)
        {
            if (dtype == DType.F32)
            {
                values[i] = memory[i] = drawn(values[i]);
                continue;
            }
            ((ushort*)memory)[i] = dtype == DType.BF16 ? ((BFloat16)values[i]).Bits : BitConverter.HalfToUInt16Bits((Half)values[i]);
            values[i] = dtype == DType.BF16 ? (BFloat16)values[i] : (float)(Half)values[i];
        }
        // No more than there is, so that a read beyond it is found.
        data = _test.Copy(memory, dtype == DType.F32 ? count : (count + 1) / 2);
        return values;
    }
}
