namespace Ist.Runtime.Tests.Layers;

/// <summary>Sequences with some rows put in before the first real one of each.</summary>
internal sealed unsafe class LongerSequences((int Start, int End)[] real, int time, int count)
{
    public (int, int)[] Real => [.. real.Select(r => (r.Start, r.End + count))];

    /// <summary>Values of the rows, with zeros in those put in.</summary>
    public double[] Of(double[] values, int width)
    {
        double[] longer = new double[real.Length * (time + count) * width];
        for (int b = 0; b < real.Length; b++)
        {
            for (int t = 0; t < time; t++)
                Array.Copy(values, (b * time + t) * width, longer, Row(b, t) * width, width);
        }
        return longer;
    }

    /// <summary>The rows that were there before.</summary>
    public double[] Tokens(double[] longer, int width)
    {
        double[] values = new double[real.Length * time * width];
        for (int b = 0; b < real.Length; b++)
        {
            for (int t = 0; t < time; t++)
                Array.Copy(longer, Row(b, t) * width, values, (b * time + t) * width, width);
        }
        return values;
    }

    /// <summary>Puts rows in, the same for all sequences.</summary>
    public void Put(double[] longer, int width, float* rows, int stride, float scale)
    {
        for (int b = 0; b < real.Length; b++)
        {
            for (int i = 0; i < count * width; i++)
                longer[(b * (time + count) + real[b].Start) * width + i] = (double)scale * rows[i / width * stride + i % width];
        }
    }

    /// <summary>The gradients of the rows put in, added up over the sequences: [count, keys and values].</summary>
    public double[] OfPrefix(double[] dk, double[] dv, int width, float scale)
    {
        double[] sums = new double[count * 2 * width];
        for (int b = 0; b < real.Length; b++)
        {
            for (int i = 0; i < count * width; i++)
            {
                int from = (b * (time + count) + real[b].Start) * width + i, to = i / width * 2 * width + i % width;
                sums[to] += scale * dk[from];
                sums[to + width] += scale * dv[from];
            }
        }
        return sums;
    }

    private int Row(int b, int t) => b * (time + count) + (t < real[b].Start ? t : t + count);
}
