using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class TokenTypeEmbeddingTests
{
    [Theory]
    [InlineData(1, DType.F32)]
    [InlineData(13, DType.BF16)]
    [InlineData(71, DType.F16)]
    public void Adds_the_rows_of_the_types(int width, DType dtype)
    {
        using var test = new KernelTest(19, [(0, 19), (6, 19)]);
        GiveTypes(test, 3);
        TokenTypeEmbedding<Model> table = Table(test, width, dtype, trained: false, out double[] values, out _);
        Act<Model> x = test.Random<Model>(width, 1), y = test.Empty<Model>(width), dx = test.Empty<Model>(width);

        TokenTypeEmbedding.Forward(test.Run, y, x, table);
        TokenTypeEmbedding.BackwardSet(test.Run, dx, y);

        for (int row = 0; row < test.Rows; row++)
        {
            for (int i = 0; i < width; i++)
                Assert.Equal((float)(x.Row(row)[i] + values[test.Batch.TokenTypes[row] * width + i]), y.Row(row)[i]);
            Assert.Equal(y.Row(row), dx.Row(row));
        }
        TokenTypeEmbedding.BackwardAdd(test.Run, dx, y);
        Assert.Equal(Numbers.Sum(test.Doubles(y), test.Doubles(y)), test.Doubles(dx));
    }

    [Fact]
    public void Backward_adds_the_rows_of_equal_types()
    {
        const int width = 71;
        using var test = new KernelTest(50, [(0, 50), (10, 50), (0, 31)]);
        GiveTypes(test, 3);
        TokenTypeEmbedding<Model> table = Table(test, width, DType.F32, trained: true, out _, out Parameter? parameter);
        Act<Model> dy = test.Random<Model>(width, 1);
        double[] expected = new double[3 * width];
        for (int row = 0; row < test.Rows; row++)
        {
            for (int i = 0; i < width; i++)
                expected[test.Batch.TokenTypes[row] * width + i] += 2.0 * dy.Row(row)[i];
        }

        TokenTypeEmbedding.BackwardWeights(test.Run, dy, table);
        TokenTypeEmbedding.BackwardWeights(test.Run, dy, table);

        // Fifty rows add up one after the other in F32.
        Numbers.Near(2e-6, expected, Numbers.Doubles(new ReadOnlySpan<float>(parameter!.Gradient, expected.Length)), "dtable");
    }

    [Fact]
    public void A_type_beyond_the_table_is_named()
    {
        using var test = new KernelTest(1, 5);
        TokenTypeEmbedding<Model> table = Table(test, 4, DType.F32, trained: false, out _, out _);
        Act<Model> x = test.Random<Model>(4, 1);
        test.Batch.TokenTypes[2] = 3;

        InputException e = Assert.Throws<InputException>(() => TokenTypeEmbedding.Forward(test.Run, x, x, table));

        Assert.Equal("Token 2 of a batch has the type 3, but weight has 3 rows; give token types below that.", e.Message);
    }

    private static void GiveTypes(KernelTest test, int count)
    {
        for (int row = 0; row < test.Rows; row++)
            test.Batch.TokenTypes[row] = row * 7 % count;
    }

    private static TokenTypeEmbedding<Model> Table(KernelTest test, int width, DType dtype, bool trained, out double[] values, out Parameter? parameter) => test.Layer(
        scope => new TokenTypeEmbedding<Model>(scope), new Widths().Set<Model>(width), new ModelOptions().Set(new TokenTypeOptions(3)), dtype, trained, out values, out parameter);
}
