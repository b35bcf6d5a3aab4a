using System.Globalization;
using Ist.Runtime.Numerics;

namespace Ist.Runtime.Data;

/// <summary>A data set in two parts.</summary>
/// <param name="Training">What is learnt.</param>
/// <param name="HeldOut">What the result is measured on.</param>
public sealed record DataSplit(DataSet Training, DataSet HeldOut)
{
    /// <summary>
    /// Holds out a share of the examples, rounded to the nearest number but at least one, and leaves at least one. Of a running
    /// text it is the last windows, because neighbours share a subject; of rows a random choice, which depends on the seed alone.
    /// Both parts keep the order of the file.
    /// </summary>
    /// <exception cref="InputException">The fraction isn't between 0 and 1, or there are fewer than 2 examples.</exception>
    public static DataSplit HoldOut(DataSet dataSet, double fraction, ulong seed)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"eval_fraction {fraction}: a number between 0 and 1 was expected, such as 0.05"));
        int rows = dataSet.Rows;
        if (rows < 2)
            throw new InputException($"eval_fraction: the data has {rows} example, too few to hold one out; give more data, or a file of its own for evaluation");
        int count = Math.Clamp((int)Math.Round(fraction * rows), 1, rows - 1);
        int[] order = [.. Enumerable.Range(0, rows)];
        if (!dataSet.IsContiguous)
            Shuffle.Of(order, RandomKey.For(seed, RandomUse.HeldOutRows), stream: 0);
        return new DataSplit(Part(dataSet, order[..^count]), Part(dataSet, order[^count..]));
    }

    private static DataSet Part(DataSet whole, int[] rows)
    {
        Array.Sort(rows);
        return new DataSet(Array.ConvertAll(rows, r => whole.Examples[r]), whole.IsContiguous);
    }
}
