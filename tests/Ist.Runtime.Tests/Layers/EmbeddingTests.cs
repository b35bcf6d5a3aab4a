using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class EmbeddingTests
{
    [Theory]
    [InlineData(1, DType.F32)]
    [InlineData(13, DType.BF16)]
    [InlineData(70, DType.F16)]
    public void Forward_takes_the_rows_of_the_table(int width, DType dtype)
    {
        using var test = new KernelTest(2, 19);
        Embedding<Vocab, Model> table = Table(test, width, dtype, false, out double[] values, out _);
        Act<Model> y = test.Empty<Model>(width);

        Embedding.Forward(test.Run, y, test.Run.Tokens, table);

        for (int row = 0; row < test.Rows; row++)
        {
            for (int i = 0; i < width; i++)
                Assert.Equal(values[test.Batch.Tokens[row] * width + i], y.Row(row)[i]);
        }
    }

    [Fact]
    public void Backward_adds_the_rows_of_equal_ids()
    {
        const int width = 71;
        using var test = new KernelTest(3, 50);
        Embedding<Vocab, Model> table = Table(test, width, DType.F32, true, out _, out Parameter? parameter);
        Act<Model> dy = test.Random<Model>(width, 1);
        double[] expected = new double[KernelTest.Vocabulary * width];
        for (int row = 0; row < test.Rows; row++)
        {
            for (int i = 0; i < width; i++)
                expected[test.Batch.Tokens[row] * width + i] += 2.0 * dy.Row(row)[i];
        }

        Embedding.BackwardWeights(test.Run, dy, test.Run.Tokens, table);
        Embedding.BackwardWeights(test.Run, dy, test.Run.Tokens, table);

        // Measured: 1.3e-7 of the largest entry, for sums of about eight rows.
        Numbers.Near(4e-7, expected, Numbers.Doubles(new ReadOnlySpan<float>(parameter!.Gradient, expected.Length)), "dtable");
    }

    [Fact]
    public void An_id_beyond_the_table_is_named()
    {
        using var test = new KernelTest(1, 3);
        Embedding<Vocab, Model> table = Table(test, 4, DType.F32, false, out _, out _);
        Act<Model> y = test.Empty<Model>(4);
        test.Batch.Tokens[1] = 37;

        InputException e = Assert.Throws<InputException>(() => Embedding.Forward(test.Run, y, test.Run.Tokens, table));

        Assert.Equal("Token 1 of a batch has the id 37, but weight has 37 rows; use the tokenizer of this model.", e.Message);
    }

    internal static Embedding<Vocab, Model> Table(
        KernelTest test, int width, DType dtype, bool trained, out double[] values, out Parameter? parameter) => test.Layer(
        scope => new Embedding<Vocab, Model>(scope), new Widths().Set<Vocab>(KernelTest.Vocabulary).Set<Model>(width), null, dtype, trained,
        out values, out parameter);
}
