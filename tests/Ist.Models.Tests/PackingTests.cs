using Ist.Models.Tests.Golden;
using Ist.Models.Tests.Matrix;
using Ist.Runtime.Data;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>
/// Examples that share a row give what each gives in a row of its own: logits to the bit, and gradients too where the sums over tokens are
/// made in one piece, as in these small batches whose examples stand in the same order.
/// </summary>
public sealed class PackingTests(MatrixModels models) : IClassFixture<MatrixModels>
{
    // The head is run in one tile, for the same reason.
    private const int AllRows = 256;

    public static TheoryData<string> Checkpoints => [.. GoldenSet.Checkpoints, .. GoldenSet.SharedCheckpoints];

    /// <summary>Every causal declaration, with all weights, with adapters and with virtual tokens of both kinds.</summary>
    public static TheoryData<string, string> Cells =>
        [.. MatrixModels.Names.Where(name => MatrixModels.Family(name).TaskType == "CAUSAL_LM")
            .SelectMany(name => new[] { "full", "lora", "prefix", "prompt" }.Where(method => MatrixMethods.Refusal(name, method) is null).Select(method => (name, method)))];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Loss_and_gradients_are_those_of_transformers(string checkpoint)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using var model = new ModelUnderTest(checkpoint, new FullOptions(), golden, batch: golden.PackedBatch);

        double loss = model.ForwardBackward();

        Assert.Equal(1, model.Batch.Sequences);
        double expected = golden.Doubles("loss64")[0];
        Assert.Equal(expected, loss, expected * Tolerance.RelativeLoss);
        foreach (string name in golden.Names.Where(name => name.StartsWith("grad.", StringComparison.Ordinal)))
            Tolerance.Within(golden.AllowedGradient(name), golden.Doubles(name), model.Gradient(name["grad.".Length..]), name);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Logits_and_gradients_have_the_bits_of_rows_of_their_own(string model, string method)
    {
        using ModelUnderTest packed = MatrixCell.Create(models, model, method, batch: test => Batch(test, isPacked: true), tileRows: AllRows);
        using ModelUnderTest apart = MatrixCell.Create(models, model, method, batch: test => Batch(test, isPacked: false), tileRows: AllRows);
        Assert.Equal(apart.Batch.Segments, packed.Batch.Segments);
        Assert.True(packed.Batch.Sequences < apart.Batch.Sequences);

        foreach (int[] trained in (int[][])[[0, 1, 2], [1]])
        {
            packed.Plan.TrainOnly(trained);
            apart.Plan.TrainOnly(trained);
            double expected = apart.ForwardBackward(), loss = packed.ForwardBackward();

            Assert.True(Logits(apart).SequenceEqual(Logits(packed)));
            Assert.Equal(expected, loss, expected * Tolerance.RelativeLoss);
            foreach (Parameter parameter in apart.Parameters.All)
                Assert.True(apart.Gradient(parameter.Key).SequenceEqual(packed.Gradient(parameter.Key)), parameter.Key);
            Assert.Contains(apart.Parameters.All.ToArray(), parameter => apart.Gradient(parameter.Key).ContainsAnyExcept(0f));
        }
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("gemma2")]
    [InlineData("bloom")]
    [InlineData("gpt2")]
    public void Gradients_are_the_slopes_of_the_loss(string model)
    {
        using ModelUnderTest test = MatrixCell.Create(models, model, "full", batch: each => Batch(each, isPacked: true));
        test.ForwardBackward();
        (Parameter Parameter, double[] Gradient)[] gradients =
            [.. test.Parameters.All.ToArray().Select(p => (p, Array.ConvertAll(MatrixCell.Gradient(p).ToArray(), g => (double)g)))];

        MatrixCell.AssertSlope(new Slope(test, null), gradients, [.. gradients.Select(g => g.Gradient)]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void The_same_bits_at_any_thread_count(int threads)
    {
        using ModelUnderTest one = MatrixCell.Create(models, "gemma2", "full", batch: test => Batch(test, isPacked: true));
        using ModelUnderTest many = MatrixCell.Create(models, "gemma2", "full", threads: threads, batch: test => Batch(test, isPacked: true));

        Assert.Equal(one.ForwardBackward(), many.ForwardBackward());

        Assert.True(one.Logits.SequenceEqual(many.Logits));
        foreach (Parameter parameter in one.Parameters.All)
            Assert.True(one.Gradient(parameter.Key).SequenceEqual(many.Gradient(parameter.Key)), parameter.Key);
    }

    // Seven examples of 2 to 9 tokens, whose first two are not learnt, in rows of 12; or in the same order in rows of their own.
    private static Batch Batch(ModelUnderTest model, bool isPacked)
    {
        var random = new Random(7);
        VirtualTokens virtualTokens = model.Model.Contents.VirtualTokens;
        var data = new DataSet([.. ((int[])[5, 9, 3, 2, 7, 4, 6]).Select(length =>
        {
            int[] ids = [.. Enumerable.Range(0, length).Select(_ => random.Next(model.Vocab))];
            return new Example(ids, [.. ids.Select((id, t) => t < 2 ? Runtime.Data.Batch.Ignored : id)]);
        })]);
        PackedRows rows = PackedRows.Of(data, 12, virtualTokens.Prompt, seed: 1);
        var batch = new Batch(data.Rows, 12, virtualTokens);
        if (isPacked)
            batch.Fill(data.Examples, rows, [.. Enumerable.Range(0, rows.Count)]);
        else
            batch.Fill(data.Examples, [.. Enumerable.Range(0, rows.Count).SelectMany(row => rows[row].ToArray())]);
        return batch;
    }

    private static unsafe float[] Logits(ModelUnderTest test)
    {
        var logits = new List<float>();
        for (int s = 0; s < test.Batch.Segments; s++)
        {
            for (int t = 0; t < test.Batch.SegmentEnd[s]; t++)
                logits.AddRange(test.LogitsOf(test.Batch.SegmentRows[s] + t));
        }
        return [.. logits];
    }
}
