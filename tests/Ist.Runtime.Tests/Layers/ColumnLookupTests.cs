using Ist.Runtime.Layers;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class ColumnLookupTests
{
    // The sums of up to 50 equal ids; nothing else rounds.
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 41, 5)]
    public void Columns_and_gradients_are_the_references(int sequences, int time, int height)
    {
        using var test = new KernelTest(sequences, time);
        int width = KernelTest.Vocabulary, rows = test.Rows;
        float* table = test.Floats(height * width), dtable = test.Floats(height * width), y = test.Floats(rows * height), dy = test.Floats(rows * height);
        Numbers.Fill(new Span<float>(table, height * width), 1, 2);
        Numbers.Fill(new Span<float>(dtable, height * width), 2, 2);
        Numbers.Fill(new Span<float>(dy, rows * height), 3, 2);
        double[] expected = new double[rows * height], sums = Numbers.Doubles(new ReadOnlySpan<float>(dtable, height * width));
        for (int row = 0; row < rows; row++)
        {
            for (int k = 0; k < height; k++)
            {
                int at = k * width + test.Run.Tokens.Data[row];
                expected[row * height + k] = table[at];
                sums[at] += dy[row * height + k];
            }
        }

        ColumnLookup.Forward(test.Run, y, test.Run.Tokens, table, height, width);
        ColumnLookup.AddGradient(test.Run, dtable, dy, test.Run.Tokens, height, width);

        Numbers.Near(0, expected, Numbers.Doubles(new ReadOnlySpan<float>(y, rows * height)), "y");
        Numbers.Near(Tolerance, sums, Numbers.Doubles(new ReadOnlySpan<float>(dtable, height * width)), "dtable");
    }
}
