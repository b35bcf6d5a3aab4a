using Ist.Runtime.Data;
using Ist.Runtime.Tests.Checkpoints;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Data;

public sealed unsafe class BatchTests : IDisposable
{
    private const int None = -100;

    private readonly Batch _batch = new(3, 6);

    public void Dispose() => _batch.Dispose();

    [Fact]
    public void Examples_are_padded_on_the_right_to_the_longest()
    {
        Example[] examples = [new([9, 9], [9, 9]), new([5, 6, 7, 8], [None, None, 7, 8]), new([3, 4], [None, 4])];

        _batch.Fill(examples, [1, 2]);

        Assert.Equal((2, 4, 8), (_batch.Sequences, _batch.Time, _batch.Rows));
        Assert.Equal([5, 6, 7, 8, 3, 4, 0, 0], Rows(_batch.Tokens));
        Assert.Equal([None, 7, 8, None, 4, None, None, None], Rows(_batch.Targets));
        Assert.Equal([0, 1, 2, 3, 0, 1, 0, 0], Rows(_batch.Positions));
        Assert.Equal([0, 0], Per(_batch.Start));
        Assert.Equal([4, 2], Per(_batch.End));
        Assert.Equal((3, 6, 0), (_batch.TrainedTokens, _batch.RealTokens, _batch.Past));
    }

    [Fact]
    public void Nothing_is_left_of_the_batch_before()
    {
        _batch.Fill([new([5, 6, 7, 8], [5, 6, 7, 8])], [0, 0, 0]);

        _batch.Fill([new([3], [None]), new([4, 5, 6], [4, None, 6])], [0, 1]);

        Assert.Equal([3, 0, 0, 4, 5, 6], Rows(_batch.Tokens));
        Assert.Equal([None, None, None, None, 6, None], Rows(_batch.Targets));
        Assert.Equal([0, 0, 0, 0, 1, 2], Rows(_batch.Positions));
        Assert.Equal((1, 4), (_batch.TrainedTokens, _batch.RealTokens));
    }

    [Fact]
    public void Packed_examples_begin_anew_and_predict_nothing_of_the_next()
    {
        var data = new DataSet([new([5, 6, 7, 8], [None, 6, 7, 8]), new([3, 4], [3, 4]), new([9, 1, 2], [9, 1, 2])]);
        PackedRows rows = PackedRows.Of(data, maxLength: 6, prompt: 0, seed: 1);

        _batch.Fill(data.Examples, rows, [1, 0]);

        Assert.Equal((2, 6, 3, 4), (_batch.Sequences, _batch.Time, _batch.Segments, _batch.LongestSegment));
        Assert.Equal([9, 1, 2, 0, 0, 0, 5, 6, 7, 8, 3, 4], Rows(_batch.Tokens));
        Assert.Equal([1, 2, None, None, None, None, 6, 7, 8, None, 4, None], Rows(_batch.Targets));
        Assert.Equal([0, 1, 2, 0, 0, 0, 0, 1, 2, 3, 0, 1], Rows(_batch.Positions));
        Assert.Equal([0, 6, 10, 12], Rows(_batch.SegmentRows, 4));
        Assert.Equal([0, 0, 0], Rows(_batch.SegmentStart, 3));
        Assert.Equal([3, 4, 2], Rows(_batch.SegmentEnd, 3));
        Assert.Equal([0, 0], Per(_batch.Start));
        Assert.Equal([3, 6], Per(_batch.End));
        Assert.Equal((6, 9), (_batch.TrainedTokens, _batch.RealTokens));
    }

    [Fact]
    public void Packed_examples_have_a_prompt_each()
    {
        using var batch = new Batch(1, 7, new VirtualTokens(Prefix: 0, Prompt: 2));
        var data = new DataSet([new([5, 6, 7], [None, 6, 7]), new([3, 4], [3, 4])]);

        batch.Fill(data.Examples, PackedRows.Of(data, maxLength: 7, prompt: 2, seed: 1), [0]);

        Assert.Equal([0, 0, 5, 6, 7, 0, 0, 3, 4], Rows(batch.Tokens, batch.Rows));
        Assert.Equal([None, None, 6, 7, None, None, 3, 4, None], Rows(batch.Targets, batch.Rows));
        Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2, 3], Rows(batch.Positions, batch.Rows));
        Assert.Equal([0, 5, 9], Rows(batch.SegmentRows, 3));
        Assert.Equal([5, 4], Rows(batch.SegmentEnd, 2));
        Assert.Equal((4, 5), (batch.TrainedTokens, batch.RealTokens));
    }

    [Fact]
    public void Tensors_padded_on_the_right()
    {
        _batch.Fill([5, 6, 7, 3, 4, 99], [1, 1, 1, 1, 1, 0], [None, 6, 7, 3, 4, 4], 2, 3, vocabSize: 10);

        Assert.Equal([5, 6, 7, 3, 4, 0], Rows(_batch.Tokens));
        Assert.Equal([6, 7, None, 4, None, None], Rows(_batch.Targets));
        Assert.Equal([0, 1, 2, 0, 1, 0], Rows(_batch.Positions));
        Assert.Equal([0, 0], Per(_batch.Start));
        Assert.Equal([3, 2], Per(_batch.End));
        Assert.Equal((3, 5), (_batch.TrainedTokens, _batch.RealTokens));
    }

    [Fact]
    public void Tensors_padded_on_the_left_predict_nothing_from_padding()
    {
        _batch.Fill([5, 6, 7, 0, 3, 4], [1, 1, 1, 0, 1, 1], [5, 6, 7, None, 3, 4], 2, 3, vocabSize: 10);

        Assert.Equal([5, 6, 7, 0, 3, 4], Rows(_batch.Tokens));
        Assert.Equal([6, 7, None, None, 4, None], Rows(_batch.Targets));
        Assert.Equal([0, 1, 2, 0, 0, 1], Rows(_batch.Positions));
        Assert.Equal([0, 1], Per(_batch.Start));
        Assert.Equal([3, 3], Per(_batch.End));
        Assert.Equal((3, 5), (_batch.TrainedTokens, _batch.RealTokens));
    }

    [Fact]
    public void The_next_token_of_a_text_stands_after_those_in_the_cache()
    {
        _batch.Fill([7, 8], past: 5);

        Assert.Equal([7, 8], Rows(_batch.Tokens));
        Assert.Equal([5, 6], Rows(_batch.Positions));
        Assert.Equal([None, None], Rows(_batch.Targets));
        Assert.Equal((1, 2, 5, 0), (_batch.Sequences, _batch.RealTokens, _batch.Past, _batch.TrainedTokens));
        Assert.Equal((0, 2), (_batch.Start[0], _batch.End[0]));
    }

    [Fact]
    public void A_prompt_has_rows_before_each_example_and_its_last_one_predicts_the_first_token()
    {
        using var batch = new Batch(2, 3, new VirtualTokens(Prefix: 0, Prompt: 2));
        Example[] examples = [new([5, 6, 7], [None, 6, 7]), new([3, 4], [3, 4])];

        batch.Fill(examples, [0, 1]);

        Assert.Equal((2, 5, 2), (batch.Sequences, batch.Time, batch.PromptRows));
        Assert.Equal([0, 0, 5, 6, 7, 0, 0, 3, 4, 0], Rows(batch.Tokens, batch.Rows));
        Assert.Equal([None, None, 6, 7, None, None, 3, 4, None, None], Rows(batch.Targets, batch.Rows));
        Assert.Equal([0, 1, 2, 3, 4, 0, 1, 2, 3, 0], Rows(batch.Positions, batch.Rows));
        Assert.Equal((0, 5, 0, 4), (batch.Start[0], batch.End[0], batch.Start[1], batch.End[1]));
        Assert.Equal((4, 5), (batch.TrainedTokens, batch.RealTokens));
        Assert.Equal((2, 2), (batch.TrainedTokensOf(examples[0]), batch.TrainedTokensOf(examples[1])));
    }

    [Fact]
    public void A_prompt_stands_right_before_the_first_real_token_of_tensors()
    {
        using var batch = new Batch(1, 3, new VirtualTokens(Prefix: 0, Prompt: 2));

        batch.Fill([0, 3, 4], [0, 1, 1], [None, 3, 4], 1, 3, vocabSize: 10);

        Assert.Equal([0, 0, 0, 3, 4], Rows(batch.Tokens, batch.Rows));
        Assert.Equal([None, None, 3, 4, None], Rows(batch.Targets, batch.Rows));
        Assert.Equal([0, 0, 1, 2, 3], Rows(batch.Positions, batch.Rows));
        Assert.Equal((1, 5), (batch.Start[0], batch.End[0]));
    }

    [Fact]
    public void A_text_that_goes_on_has_no_prompt_again()
    {
        using var batch = new Batch(1, 3, new VirtualTokens(Prefix: 0, Prompt: 2));

        batch.Fill([7, 8], past: 0);
        Assert.Equal((4, 2), (batch.Time, batch.PromptRows));
        batch.Fill([9], past: 4);

        Assert.Equal((1, 0), (batch.Time, batch.PromptRows));
        Assert.Equal(4, batch.Positions[0]);
    }

    [Fact]
    public void Positions_begin_behind_a_prefix()
    {
        using var batch = new Batch(1, 3, new VirtualTokens(Prefix: 5, Prompt: 0));

        batch.Fill([0, 3, 4], [0, 1, 1], [None, 3, 4], 1, 3, vocabSize: 10);
        Assert.Equal([0, 5, 6], Rows(batch.Positions, batch.Rows));
        batch.Fill([9], past: 2);

        Assert.Equal(7, batch.Positions[0]);
    }

    [Theory]
    [InlineData(new long[] { 1, 0, 1 }, "attention_mask [0, 1]: a 0 between ones")]
    [InlineData(new long[] { 0, 0, 0 }, "attention_mask [0]: the row has no real token")]
    [InlineData(new long[] { 1, 1, 2 }, "attention_mask [0, 2]: 0 or 1 was expected, found 2")]
    public void Masks_that_are_none_are_refused(long[] mask, string message) =>
        Bad.Input(() => _batch.Fill([1, 2, 3], mask, [1, 2, 3], 1, 3, vocabSize: 10), message);

    [Theory]
    [InlineData(10, 1, "input_ids [0, 1]: 10 is outside the vocabulary; ids from 0 to 9 were expected")]
    [InlineData(-1, 1, "input_ids [0, 1]: -1 is outside")]
    [InlineData(1L << 32, 1, "input_ids [0, 1]: 4294967296 is outside")]
    [InlineData(1, 10, "labels [0, 1]: 10 is outside the vocabulary; ids from 0 to 9 were expected, or -100")]
    [InlineData(1, -1, "labels [0, 1]: -1 is outside")]
    public void Ids_outside_the_vocabulary_are_refused(long id, long label, string message) =>
        Bad.Input(() => _batch.Fill([1, id], [1, 1], [1, label], 1, 2, vocabSize: 10), message);

    [Fact]
    public void Tensors_of_another_size_are_refused() =>
        Assert.Throws<ArgumentException>(() => _batch.Fill([1, 2, 3], [1, 1], [1, 2], 1, 2, vocabSize: 10));

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Example[] examples = [new([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7]), new([1, 2], [1, 2])];

        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.Fill(examples, [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.Fill(examples, [1, 1, 1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _batch.Fill(examples, []));
    }

    [Fact]
    public void Memory_is_aligned_and_gone_after_disposal()
    {
        using var batch = new Batch(3, 7);
        foreach (nint address in (nint[])[(nint)batch.Tokens, (nint)batch.Targets, (nint)batch.Positions, (nint)batch.Start, (nint)batch.End])
            Assert.Equal(0, address % 64);

        batch.Dispose();

        Assert.Throws<ObjectDisposedException>(() => batch.Fill([1], past: 0));
    }

    [Fact]
    public void Filling_allocates_nothing()
    {
        Example[] examples = [new([5, 6, 7, 8], [None, None, 7, 8]), new([3, 4], [None, 4])];
        _batch.Fill(examples, [0, 1]);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 10; i++)
                _batch.Fill(examples, [1, 0]);
        }));
    }

    private int[] Rows(int* values, int? count = null) => new Span<int>(values, count ?? _batch.Rows).ToArray();

    private int[] Per(int* values) => new Span<int>(values, _batch.Sequences).ToArray();
}
