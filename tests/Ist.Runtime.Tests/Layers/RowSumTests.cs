using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class RowSumTests
{
    // A rounding an entry, and for the sums those of up to 256 additions.
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(1, 1, 1, 1f)]
    [InlineData(2, 29, 37, 0.25f)]
    [InlineData(2, 128, 300, -3f)]
    public void Additions_and_gradients_are_the_references(int sequences, int time, int width, float alpha)
    {
        using var test = new KernelTest(sequences, time);
        Act<Ffn> y = test.Random<Ffn>(width, 1), dy = test.Random<Ffn>(width, 2);
        float* b = test.Floats(width), db = test.Floats(width);
        Numbers.Fill(new Span<float>(b, width), 3, 2);
        Numbers.Fill(new Span<float>(db, width), 4, 2);
        double[] added = [.. test.Doubles(y).Select((v, i) => v + alpha * (double)b[i % width])];
        double[] sums = Numbers.Doubles(new ReadOnlySpan<float>(db, width));
        foreach ((int i, double value) in test.Doubles(dy).Index())
            sums[i % width] += alpha * value;

        RowSum.Add(test.Run, alpha, y.Data, b, width);
        RowSum.AddGradient(test.Run, alpha, db, dy.Data, width);

        Numbers.Near(Tolerance, added, test.Doubles(y), "y");
        Numbers.Near(Tolerance, sums, Numbers.Doubles(new ReadOnlySpan<float>(db, width)), "db");
    }
}
