using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class AddedTokenTests
{
    [Theory]
    [InlineData("", "ab<x>c", "4,20,3")]
    [InlineData("", "<x><x>", "20,20")]
    [InlineData("", "a <x> b", "1,9,20,9,2")]
    [InlineData(", \"lstrip\": true", "a  <x> b", "1,20,9,2")]
    [InlineData(", \"rstrip\": true", "a <x>  b", "1,9,20,2")]
    [InlineData(", \"lstrip\": true, \"rstrip\": true", " <x> <x> ", "20,20")]
    [InlineData(", \"single_word\": true", "a<x> <x> <x>b", "1,0,0,0,9,20,9,0,0,0,2")]
    public void Flags(string flags, string text, string ids) => Assert.Equal(ids, Ids($$"""[{"id": 20, "content": "<x>", "special": true{{flags}}}]""", text));

    [Fact]
    public void The_leftmost_counts_then_the_longest()
    {
        const string tokens = """[{"id": 20, "content": "<x"}, {"id": 21, "content": "<x>"}, {"id": 22, "content": "x>>"}]""";
        Assert.Equal("21,0", Ids(tokens, "<x>>"));
        Assert.Equal("22,20", Ids(tokens, "x>><x"));
    }

    [Fact]
    public void A_normalized_token_is_found_in_normalized_text_and_another_in_the_raw()
    {
        const string tokens = """
            [{"id": 20, "content": "Ab", "normalized": true, "special": false}, {"id": 21, "content": "Bc", "normalized": false, "special": false}]
            """;
        const string lower = ", \"normalizer\": {\"type\": \"Lowercase\"}";
        Assert.Equal("20,20", Ids(tokens, "abAB", lower));
        Assert.Equal("21,6", Ids(tokens, "BcBC", lower));
    }

    [Fact]
    public void Each_part_between_added_tokens_is_normalized_for_itself() =>
        Assert.Equal("8,20,7,4", Ids("""[{"id": 20, "content": "<s>", "special": true}]""", "a<s>ab",
            """, "normalizer": {"type": "Prepend", "prepend": "▁"}"""));

    [Fact]
    public void Special_tokens_are_left_out_of_decoded_text_unless_asked_for()
    {
        Tokenizer tokenizer = TokenizerFiles.FromModel(TokenizerFiles.Letters, """
            "added_tokens": [{"id": 20, "content": "<s>", "special": true}, {"id": 21, "content": "<u>", "special": false}],
            "decoder": {"type": "Fuse"}
            """);
        Assert.Equal("ab<u>", tokenizer.Decode([20, 4, 21]));
        Assert.Equal("<s>ab<u>", tokenizer.Decode([20, 4, 21], skipSpecialTokens: false));
        Assert.Equal(22, tokenizer.VocabSize);
        Assert.Equal("<s>", tokenizer.IdToToken(20));
        Assert.Equal(21, tokenizer.TokenToId("<u>"));
        Assert.Null(tokenizer.TokenToId("<v>"));
        Assert.True(tokenizer.IsSpecial(20) && !tokenizer.IsSpecial(21) && !tokenizer.IsSpecial(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.IdToToken(15));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.IdToToken(-1));
    }

    [Theory]
    [InlineData("""[{"id": 4, "content": "<x>"}]""", "has the id 4, which is 'ab''s already")]
    [InlineData("""[{"id": 20, "content": "ab"}]""", "the vocabulary gives it 4")]
    [InlineData("""[{"content": "ab"}]""", "'added_tokens[0].id' is missing")]
    public void Ids_that_contradict_the_vocabulary_are_refused(string tokens, string message) =>
        Bad.Input(() => Ids(tokens, "a"), "tokenizer.json: ", message);

    private static string Ids(string tokens, string text, string members = "") =>
        string.Join(',', TokenizerFiles.FromModel(TokenizerFiles.Letters, $"\"added_tokens\": {tokens}{members}").Encode(text));
}
