using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

internal sealed unsafe partial class DoraNorm
{
    private static void WidenRow(void* weight, DType dtype, int row, Span<float> values) =>
        FloatConverter.Widen(dtype, (byte*)weight + (long)row * values.Length * dtype.BitSize / 8, values);

    private readonly struct SquaresJob(float** scratches, float* squares, void* weight, DType dtype, int outputs, int inputs) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(inputs), end = Math.Min(outputs, begin + RowTasks.RowsOf(inputs));
            var row = new Span<float>(scratches[worker], inputs);
            for (int o = begin; o < end; o++)
            {
                WidenRow(weight, dtype, o, row);
                squares[o] = SquaresOf(row);
            }
        }
    }

    /// <summary>Of a weight that is stored [in, out]. A task owns some columns and goes down all rows.</summary>
    private readonly struct ColumnSquaresJob(float** scratches, float* squares, void* weight, DType dtype, int outputs, int inputs) : ICpuJob
    {
        private const int Columns = 4 * Lanes.Count;

        public int Tasks => (outputs + Columns - 1) / Columns;

        public void Execute(int task, int worker)
        {
            int begin = task * Columns, count = Math.Min(outputs - begin, Columns);
            Span<float> sums = new(squares + begin, count), row = new(scratches[worker], count);
            sums.Clear();
            for (int i = 0; i < inputs; i++)
            {
                FloatConverter.Widen(dtype, (byte*)weight + ((long)i * outputs + begin) * dtype.BitSize / 8, row);
                AddSquares(row, sums);
            }
        }
    }

    private readonly struct RatioJob(
        float* ratio, float* excess, float* scaledB, float* inverse, float* slopes, float* magnitude, float* b, float* squares, float* aw, float* aa,
        float scale, int outputs, int rank) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(rank * rank), end = Math.Min(outputs, begin + RowTasks.RowsOf(rank * rank));
            for (int o = begin; o < end; o++)
            {
                float* row = b + (long)o * rank;
                double linear = 0, quadratic = 0;
                for (int k = 0; k < rank; k++)
                {
                    double sum = 0;
                    for (int l = 0; l < rank; l++)
                        sum += (double)aa[k * rank + l] * row[l];
                    linear += (double)row[k] * aw[(long)k * outputs + o];
                    quadratic += row[k] * sum;
                }
                // The norm is rounded as the magnitude is, so that an adapter that has learnt nothing changes nothing.
                float norm = (float)Math.Sqrt(Math.Max(0, squares[o] + (double)scale * (2 * linear + scale * quadratic)));
                inverse[o] = norm > 0 ? 1 / norm : 0;
                ratio[o] = norm > 0 ? magnitude[o] / norm : 0;
                excess[o] = ratio[o] - 1;
                // g dn/df: what the magnitude's gradient is multiplied by in that of the adapter scale.
                slopes[o] = (float)(ratio[o] * inverse[o] * scale * (linear + scale * quadratic));
                for (int k = 0; k < rank; k++)
                    scaledB[(long)o * rank + k] = ratio[o] * row[k];
            }
        }
    }

    private readonly struct GradientsJob(
        float* dm, float* db, float* sums, float* products, float* ratio, float* inverse, float* b, int outputs, int rank) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            int begin = task * RowTasks.RowsOf(rank), end = Math.Min(outputs, begin + RowTasks.RowsOf(rank));
            for (int o = begin; o < end; o++)
            {
                float sum = sums[o];
                for (long at = (long)o * rank; at < (long)(o + 1) * rank; at++)
                {
                    sum += b[at] * products[at];
                    db[at] += ratio[o] * products[at];
                }
                dm[o] += inverse[o] * sum;
            }
        }
    }
}
