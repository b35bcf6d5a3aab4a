using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class CrossEntropyTests
{
    // Measured: 3.4e-8 of the largest entry in the losses, 2.9e-8 in the gradient.
    private const double Tolerance = 1.2e-7;

    [Theory]
    [InlineData(1, 1, 37)]
    [InlineData(2, 9, 40)]
    [InlineData(3, 17, 1003)]
    public void Losses_and_gradient_are_the_references(int sequences, int time, int vocabulary)
    {
        using var test = new KernelTest(time, [.. Enumerable.Range(0, sequences).Select(s => (Math.Min(s, time - 1), time))]);
        Act<Vocab> logits = test.Random<Vocab>(vocabulary, 1, 12), fused = test.Random<Vocab>(vocabulary, 1, 12);
        Act<One> losses = test.Empty<One>(1), fusedLosses = test.Empty<One>(1);
        if (time == 1)
            test.Batch.Targets[0] = 5;
        int[] targets = new ReadOnlySpan<int>(test.Batch.Targets, test.Rows).ToArray();
        double[] before = test.Doubles(logits), expected = ReferenceCrossEntropy.Forward(before, targets);

        CrossEntropy.Forward(test.Run, losses, logits);
        CrossEntropy.ForwardBackward(test.Run, fusedLosses, fused, 0.25f);

        Assert.Equal(before, test.Doubles(logits));
        Numbers.Near(Tolerance, expected, test.Doubles(losses), "losses");
        Numbers.Near(Tolerance, ReferenceCrossEntropy.Backward(before, targets, 0.25), test.Doubles(fused), "dlogits");
        Assert.Equal(losses.Rows(test.Rows), fusedLosses.Rows(test.Rows));
        Assert.Equal(expected.Sum(), CrossEntropy.Sum(test.Run, losses), expected.Sum() * 1e-7);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Tiles_have_the_losses_and_gradients_of_their_rows(int tileRows)
    {
        using var test = new KernelTest(17, [(0, 17), (3, 17)]);
        Act<Vocab> logits = test.Random<Vocab>(40, 1, 12), ofTiles = test.Random<Vocab>(40, 1, 12);
        Act<One> losses = test.Empty<One>(1), lossesOfTiles = test.Empty<One>(1);
        CrossEntropy.ForwardBackward(test.Run, losses, logits, 0.25f);

        int tiles = 0;
        foreach (Run tile in new Tiles(test.Run, tileRows))
        {
            tiles++;
            CrossEntropy.ForwardBackward(tile, lossesOfTiles.From(tile.FirstRow), ofTiles.From(tile.FirstRow), 0.25f);
        }

        Assert.Equal((34 + tileRows - 1) / tileRows, tiles);
        Assert.Equal(losses.Rows(34), lossesOfTiles.Rows(34));
        Assert.Equal(logits.Rows(34), ofTiles.Rows(34));
    }

    [Fact]
    public void Logits_far_apart_and_far_out_do_not_overflow()
    {
        using var test = new KernelTest(1, 2);
        Act<Vocab> logits = test.Empty<Vocab>(3);
        Act<One> losses = test.Empty<One>(1);
        new float[] { 3e38f, -3e38f, 0, 1000, 1000, -1000 }.CopyTo(logits.Rows(2));
        (test.Batch.Targets[0], test.Batch.Targets[1]) = (0, 1);

        CrossEntropy.ForwardBackward(test.Run, losses, logits, 1);

        Assert.Equal([0f, (float)Math.Log(2)], losses.Rows(2));
        Assert.Equal([0f, 0, 0, 0.5f, -0.5f, 0], logits.Rows(2));
    }

    [Fact]
    public void Ignored_rows_have_no_loss_and_no_gradient()
    {
        using var test = new KernelTest(1, 3);
        Act<Vocab> logits = test.Random<Vocab>(37, 1);
        Act<One> losses = test.Empty<One>(1);
        Assert.Equal(Example.Ignored, test.Batch.Targets[2]);

        CrossEntropy.ForwardBackward(test.Run, losses, logits, 1);

        Assert.Equal(0, losses.Row(2)[0]);
        Assert.Equal(new float[37], logits.Row(2));
        Assert.NotEqual(0, losses.Row(1)[0]);
    }

    [Fact]
    public void A_target_beyond_the_vocabulary_is_named()
    {
        using var test = new KernelTest(1, 3);
        Act<Vocab> logits = test.Random<Vocab>(37, 1);
        Act<One> losses = test.Empty<One>(1);
        test.Batch.Targets[1] = 37;
        InputException e = Assert.Throws<InputException>(() => CrossEntropy.Forward(test.Run, losses, logits));
        Assert.Equal("Row 1 of a batch has the target 37, but the model tells 37 classes or tokens apart; use the tokenizer and the labels of this model.", e.Message);
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        double[] logits = Numbers.Random(3 * 5, 1), ones = [1, 1, 1];
        int[] targets = [2, Example.Ignored, 0];
        FiniteDifferences.Check(x => ReferenceCrossEntropy.Forward(x, targets), logits, ones, ReferenceCrossEntropy.Backward(logits, targets, 1), "dlogits");
    }
}
