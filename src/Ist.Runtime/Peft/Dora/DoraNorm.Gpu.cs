using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

internal sealed unsafe partial class DoraNorm
{
    private const int WarpsOfGroup = 8;

    private void MakeSquares(IlgpuDevice gpu, Weight weight, bool fanInFanOut)
    {
        (long across, long deep) = fanInFanOut ? (1L, (long)_outputs) : (_inputs, 1L);
        ForRows(gpu, new GpuSquares(gpu.View(_squares, _outputs), gpu.Stored(weight.Data, weight.DType, weight.Count), across, deep, _outputs, _inputs));
    }

    private void MakeRatios(IlgpuDevice gpu, float scale)
    {
        var results = new GpuNorms(
            gpu.View(Ratio, _outputs), gpu.View(Excess, _outputs), gpu.View(_inverse, _outputs), gpu.View(_slopes, _outputs), gpu.View(ScaledB, Products));
        ForRows(gpu, new GpuRatios(
            results, gpu.View(magnitude.Value, _outputs), gpu.View(update.B.Value, Products), gpu.View(_squares, _outputs), gpu.View(_aw, Products),
            gpu.View(_aa, (long)_rank * _rank), scale, _outputs, _rank));
    }

    private void AddGradients(IlgpuDevice gpu) => ForRows(gpu, new GpuGradients(
        gpu.View(magnitude.Gradient, _outputs), gpu.View(update.B.Gradient, Products), gpu.View(_sums, _outputs), gpu.View(_products, Products),
        gpu.View(Ratio, _outputs), gpu.View(_inverse, _outputs), gpu.View(update.B.Value, Products), _outputs, _rank));

    private long Products => (long)_outputs * _rank;

    // A warp is a row of W.
    private void ForRows<TJob>(IlgpuDevice gpu, in TJob job) where TJob : struct, IGpuJob =>
        gpu.For((_outputs + WarpsOfGroup - 1) / WarpsOfGroup, WarpsOfGroup * Lane.Count, job);

    private static int Row => Grid.IdxX * WarpsOfGroup + Lane.Warp;

    /// <summary>What follows from the norms.</summary>
    internal readonly struct GpuNorms(
        ArrayView<float> ratio, ArrayView<float> excess, ArrayView<float> inverse, ArrayView<float> slopes, ArrayView<float> scaledB)
    {
        public readonly ArrayView<float> Ratio = ratio, Excess = excess, Inverse = inverse, Slopes = slopes, ScaledB = scaledB;
    }

    /// <summary>Element i of row o stands at o across + i deep.</summary>
    internal readonly struct GpuSquares(ArrayView<float> squares, Stored w, long across, long deep, int outputs, int inputs) : IGpuJob
    {
        public void Execute()
        {
            int o = Row;
            if (o >= outputs)
                return;
            float sum = 0;
            for (int i = Lane.Index; i < inputs; i += Lane.Count)
            {
                float value = w[o * across + i * deep];
                sum += value * value;
            }
            sum = Lane.Sum(sum);
            if (Lane.Index == 0)
                squares[o] = sum;
        }
    }

    /// <summary>As <see cref="RatioJob"/>.</summary>
    internal readonly struct GpuRatios(
        GpuNorms results, ArrayView<float> magnitude, ArrayView<float> b, ArrayView<float> squares, ArrayView<float> aw, ArrayView<float> aa,
        float scale, int outputs, int rank) : IGpuJob
    {
        public void Execute()
        {
            int o = Row;
            if (o >= outputs)
                return;
            long row = (long)o * rank;
            double linear = 0, quadratic = 0;
            for (int k = Lane.Index; k < rank; k += Lane.Count)
            {
                double sum = 0;
                for (int l = 0; l < rank; l++)
                    sum += (double)aa[k * rank + l] * b[row + l];
                linear += (double)b[row + k] * aw[(long)k * outputs + o];
                quadratic += b[row + k] * sum;
            }
            linear = Lane.Sum(linear);
            quadratic = Lane.Sum(quadratic);
            double square = squares[o] + (double)scale * (2 * linear + scale * quadratic);
            float norm = square > 0 ? (float)Math.Sqrt(square) : 0;
            float ratio = norm > 0 ? magnitude[o] / norm : 0, inverse = norm > 0 ? 1 / norm : 0;
            for (int k = Lane.Index; k < rank; k += Lane.Count)
                results.ScaledB[row + k] = ratio * b[row + k];
            if (Lane.Index != 0)
                return;
            results.Ratio[o] = ratio;
            results.Excess[o] = ratio - 1;
            results.Inverse[o] = inverse;
            results.Slopes[o] = (float)(ratio * inverse * scale * (linear + scale * quadratic));
        }
    }

    /// <summary>As <see cref="GradientsJob"/>.</summary>
    internal readonly struct GpuGradients(
        ArrayView<float> dm, ArrayView<float> db, ArrayView<float> sums, ArrayView<float> products, ArrayView<float> ratio, ArrayView<float> inverse,
        ArrayView<float> b, int outputs, int rank) : IGpuJob
    {
        public void Execute()
        {
            int o = Row;
            if (o >= outputs)
                return;
            float sum = 0;
            for (int k = Lane.Index; k < rank; k += Lane.Count)
            {
                long at = (long)o * rank + k;
                sum += b[at] * products[at];
                db[at] += ratio[o] * products[at];
            }
            sum = Lane.Sum(sum);
            if (Lane.Index == 0)
                dm[o] += inverse[o] * (sums[o] + sum);
        }
    }
}
