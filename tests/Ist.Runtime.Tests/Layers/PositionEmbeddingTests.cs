using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class PositionEmbeddingTests
{
    [Theory]
    [InlineData(1, 0, DType.F32)]
    [InlineData(13, 2, DType.BF16)]
    [InlineData(70, 1, DType.F16)]
    public void Adds_the_rows_of_the_positions(int width, int offset, DType dtype)
    {
        using var test = new KernelTest(19, [(0, 19), (6, 19)]);
        PositionEmbedding<Model> table = Table(test, width, 19 + offset, offset, dtype, false, out double[] values, out _);
        Act<Model> x = test.Random<Model>(width, 1), y = test.Empty<Model>(width), dx = test.Empty<Model>(width);

        PositionEmbedding.Forward(test.Run, y, x, table);
        PositionEmbedding.BackwardSet(test.Run, dx, y);

        for (int row = 0; row < test.Rows; row++)
        {
            for (int i = 0; i < width; i++)
                Assert.Equal((float)(x.Row(row)[i] + values[(offset + test.Batch.Positions[row]) * width + i]), y.Row(row)[i]);
            Assert.Equal(y.Row(row), dx.Row(row));
        }
        PositionEmbedding.BackwardAdd(test.Run, dx, y);
        Assert.Equal(Numbers.Sum(test.Doubles(y), test.Doubles(y)), test.Doubles(dx));
    }

    [Fact]
    public void Backward_adds_the_rows_of_equal_positions()
    {
        const int width = 71, offset = 2;
        using var test = new KernelTest(50, [(0, 50), (10, 50), (0, 31)]);
        PositionEmbedding<Model> table = Table(test, width, 52, offset, DType.F32, true, out _, out Parameter? parameter);
        Act<Model> dy = test.Random<Model>(width, 1);
        double[] expected = new double[52 * width];
        for (int row = 0; row < test.Rows; row++)
        {
            for (int i = 0; i < width; i++)
                expected[(offset + test.Batch.Positions[row]) * width + i] += 2.0 * dy.Row(row)[i];
        }

        PositionEmbedding.BackwardWeights(test.Run, dy, table);
        PositionEmbedding.BackwardWeights(test.Run, dy, table);

        Numbers.Near(4e-7, expected, Numbers.Doubles(new ReadOnlySpan<float>(parameter!.Gradient, expected.Length)), "dtable");
    }

    [Fact]
    public void A_position_beyond_the_table_is_named()
    {
        using var test = new KernelTest(1, 5);
        PositionEmbedding<Model> table = Table(test, 4, 6, 2, DType.F32, false, out _, out _);
        Act<Model> x = test.Random<Model>(4, 1);

        InputException e = Assert.Throws<InputException>(() => PositionEmbedding.Forward(test.Run, x, x, table));

        Assert.Equal("Token 4 of a batch has the position 4, but weight has positions up to 3; use shorter texts.", e.Message);
    }

    internal static PositionEmbedding<Model> Table(
        KernelTest test, int width, int rows, int offset, DType dtype, bool trained, out double[] values, out Parameter? parameter) => test.Layer(
        scope => new PositionEmbedding<Model>(scope), new Widths().Set<Model>(width),
        new ModelOptions().Set(new PositionEmbeddingOptions(rows, offset)), dtype, trained, out values, out parameter);
}
