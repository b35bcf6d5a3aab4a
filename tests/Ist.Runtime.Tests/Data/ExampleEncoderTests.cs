using Ist.Runtime.Data;
using Ist.Runtime.Tests.Checkpoints;
using static Ist.Runtime.Tests.Data.CharacterEncoder;

namespace Ist.Runtime.Tests.Data;

public sealed class ExampleEncoderTests : IDisposable
{
    private const int Ignored = -100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_prompt_is_masked_and_the_completion_with_EOS_is_trained()
    {
        Example example = Assert.Single(Encode("d.jsonl", """{"prompt":"xy","completion":" z"}""").Examples);

        Assert.Equal([Bos, 'x', 'y', ' ', 'z', Eos], example.Tokens);
        Assert.Equal([Ignored, Ignored, Ignored, ' ', 'z', Eos], example.Labels);
        Assert.Equal(3, example.TrainedTokens);
    }

    [Fact]
    public void Prompts_are_trained_when_asked_for_but_never_BOS()
    {
        Example example = Assert.Single(Encode("d.jsonl", """{"prompt":"xy","completion":" z"}""", trainOnPrompt: true).Examples);

        Assert.Equal([Ignored, 'x', 'y', ' ', 'z', Eos], example.Labels);
        Assert.Equal(5, example.TrainedTokens);
    }

    [Fact]
    public void A_prompt_has_the_ids_that_it_has_alone_whatever_follows()
    {
        Example example = Assert.Single(Encode("d.jsonl", """{"prompt":"xa","completion":"bab"}""").Examples);

        // Together "xabab" would be x, ab, ab, and the prompt would end within a token.
        Assert.Equal([Bos, .. Ids("xa"), .. Ids("bab"), Eos], example.Tokens);
        Assert.Equal([Bos, 'x', 'a', 'b', Merged, Eos], example.Tokens);
        Assert.Equal([Ignored, Ignored, Ignored, 'b', Merged, Eos], example.Labels);
    }

    [Fact]
    public void A_text_is_trained_whole()
    {
        Example example = Assert.Single(Encode("d.jsonl", """{"text":"xyz"}""").Examples);

        Assert.Equal([Bos, 'x', 'y', 'z', Eos], example.Tokens);
        Assert.Equal([Ignored, 'x', 'y', 'z', Eos], example.Labels);
        Assert.Equal(4, example.TrainedTokens);
    }

    [Fact]
    public void Without_BOS_the_first_token_is_never_predicted()
    {
        Example example = Assert.Single(Encode("d.jsonl", """{"text":"xyz"}""", addsBos: false).Examples);

        Assert.Equal(['x', 'y', 'z', Eos], example.Tokens);
        Assert.Equal(3, example.TrainedTokens);
    }

    [Fact]
    public void Long_rows_lose_their_end_and_are_counted()
    {
        DataSet data = Encode("d.jsonl", """
            {"prompt":"xy","completion":"123"}
            {"prompt":"xy","completion":"12"}
            {"prompt":"x","completion":"1"}
            """, maxLength: 6);

        Assert.Equal([Bos, 'x', 'y', '1', '2', '3'], data.Examples[0].Tokens);
        Assert.Equal([Ignored, Ignored, Ignored, '1', '2', '3'], data.Examples[0].Labels);
        Assert.Equal([true, false, false], data.Examples.Select(e => e.IsCut));
        Assert.Equal(Eos, data.Examples[1].Tokens[^1]);
        Assert.Equal((3, 16L, 8L, 1, 6), (data.Rows, data.Tokens, data.TrainedTokens, data.Cut, data.Longest));
    }

    [Fact]
    public void A_row_whose_prompt_leaves_no_room_is_refused_by_its_line()
    {
        Bad.Input(
            () => Encode("d.jsonl", "{\"prompt\":\"x\",\"completion\":\"1\"}\n\n{\"prompt\":\"vwxyz\",\"completion\":\"1\"}", maxLength: 6),
            _folder.File("d.jsonl"), "line 3: no token is left to train: the prompt alone has 6 tokens, and max_length is 6");
        Bad.Input(
            () => Encode("d.json", "[{\"prompt\":\"vwxyzvwxyz\",\"completion\":\"1\"}]", maxLength: 6),
            "element [0]: no token is left to train");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-3)]
    public void A_length_without_room_for_a_prediction_is_refused(int maxLength) =>
        Bad.Input(() => Encode("d.txt", "xyz", maxLength), $"max_length {maxLength}", "at least 2 tokens");

    [Fact]
    public void A_plain_text_begins_with_BOS_and_is_cut_into_windows()
    {
        DataSet data = Encode("d.txt", "uvwxyz", maxLength: 4);

        Assert.True(data.IsContiguous);
        Assert.Equal(0, data.Cut);
        Assert.Equal([[Bos, 'u', 'v', 'w'], ['x', 'y', 'z', Eos]], data.Examples.Select(e => e.Tokens));
        Assert.All(data.Examples, e => Assert.Equal(e.Tokens, e.Labels));
    }

    [Fact]
    public void Without_BOS_a_single_token_left_over_is_dropped()
    {
        DataSet data = Encode("d.txt", "uvwx", maxLength: 4, addsBos: false);

        Assert.Equal([['u', 'v', 'w', 'x']], data.Examples.Select(e => e.Tokens));
        Assert.Equal([['u', 'v', 'w', 'x'], ['y', Eos]], Encode("d.txt", "uvwxy", maxLength: 4, addsBos: false).Examples.Select(e => e.Tokens));
    }

    [Fact]
    public void Windows_are_tokenised_as_one_stream()
    {
        // The merge "ab" lies across what a cut of characters would make.
        DataSet data = Encode("d.txt", "xyabz", maxLength: 3, addsBos: false);

        Assert.Equal([['x', 'y', Merged], ['z', Eos]], data.Examples.Select(e => e.Tokens));
    }

    private DataSet Encode(string name, string content, int maxLength = 64, bool trainOnPrompt = false, bool addsBos = true) => ExampleEncoder.Encode(
        DataFile.Load(_folder.Write(name, content)), new CharacterEncoder(addsBos), new EncodingOptions(maxLength, trainOnPrompt));
}
