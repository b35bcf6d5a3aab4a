using Ist.Runtime.Evaluation;

namespace Ist.Runtime.Tests.Evaluation;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Two_labels()
    {
        // 6 true and 1 false positives, 2 false and 3 true negatives: (6 3 - 1 2) / sqrt(7 8 4 5).
        ConfusionMatrix matrix = Of([[3, 1], [2, 6]]);

        Assert.Equal(16 / Math.Sqrt(1120), matrix.Matthews, 1e-12);
        Assert.Equal(9 / 12.0, matrix.Accuracy.Value, 1e-12);
        Assert.Equal(Math.Sqrt(.75 * .25 / 12), matrix.Accuracy.StandardError, 1e-12);
        Assert.Equal(12 / 15.0, matrix.BinaryF1, 1e-12);
        Assert.Equal((12 / 15.0 + 6 / 9.0) / 2, matrix.MacroF1, 1e-12);
    }

    [Fact]
    public void Three_labels()
    {
        // 16 of 23 right; texts of the labels 6, 7, 10, given 7, 8, 8.
        ConfusionMatrix matrix = Of([[5, 1, 0], [2, 4, 1], [0, 3, 7]]);

        Assert.Equal((16 * 23 - (7 * 6 + 8 * 7 + 8 * 10)) / Math.Sqrt((529 - (49 + 64 + 64)) * (529 - (36 + 49 + 100.0))), matrix.Matthews, 1e-12);
        Assert.Equal((10 / 13.0 + 8 / 15.0 + 14 / 18.0) / 3, matrix.MacroF1, 1e-12);
        Assert.Throws<InvalidOperationException>(() => matrix.BinaryF1);
    }

    [Fact]
    public void Matthews_of_one_answer_to_everything_is_nought() => Assert.Equal(0, Of([[4, 0], [3, 0]]).Matthews);

    [Fact]
    public void Matthews_runs_from_minus_one_to_one()
    {
        Assert.Equal(1, Of([[4, 0], [0, 3]]).Matthews, 1e-12);
        Assert.Equal(-1, Of([[0, 4], [3, 0]]).Matthews, 1e-12);
    }

    [Fact]
    public void A_label_that_nobody_meets_is_not_in_the_mean() => Assert.Equal(1, Of([[2, 0, 0], [0, 2, 0], [0, 0, 0]]).MacroF1);

    [Fact]
    public void A_label_that_nobody_was_given_counts_nought() => Assert.Equal((4 / 7.0 + 0) / 2, Of([[2, 0], [3, 0]]).MacroF1, 1e-12);

    private static ConfusionMatrix Of(int[][] counts)
    {
        var matrix = new ConfusionMatrix(counts.Length);
        for (int label = 0; label < counts.Length; label++)
        {
            for (int predicted = 0; predicted < counts.Length; predicted++)
            {
                for (int i = 0; i < counts[label][predicted]; i++)
                    matrix.Add(label, predicted);
            }
        }
        return matrix;
    }
}
