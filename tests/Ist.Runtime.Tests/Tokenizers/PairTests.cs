using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

/// <summary>Texts and pairs of texts as a classifier reads them. Source of the expected ids: tokenizers 0.21, by its templates and <c>longest_first</c>.</summary>
public sealed class PairTests
{
    private const string Bert = """ "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 12], "cls": ["[CLS]", 11]} """;
    private const string Roberta = """ "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 12], "cls": ["<s>", 11], "trim_offsets": true, "add_prefix_space": true} """;
    private const string Template = """
        "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "|", "type_id": 1}}, {"Sequence": {"id": "B", "type_id": 1}}],
         "special_tokens": {"|": {"id": "|", "ids": [12], "tokens": ["|"]}}}
        """;

    [Theory]
    [InlineData(Bert, "c", null, "11,3,12", "0,0,0")]
    [InlineData(Bert, "cc", "abc", "11,3,3,12,5,12", "0,0,0,0,1,1")]
    [InlineData(Roberta, "cc", "abc", "11,3,3,12,12,5,12", "0,0,0,0,0,0,0")]
    [InlineData(Template, "cc", null, "3,3", "0,0")]
    [InlineData(Template, "cc", "abc", "3,3,12,5", "0,0,1,1")]
    public void Special_tokens_and_segments(string postProcessor, string first, string? second, string ids, string types)
    {
        EncodedText text = TokenizerFiles.FromModel(TokenizerFiles.Letters, postProcessor).Encode(first, second, maxLength: 16);

        Assert.Equal(ids, string.Join(',', text.Ids));
        Assert.Equal(types, string.Join(',', text.TokenTypes));
        Assert.False(text.IsCut);
    }

    // Three special tokens leave six places.
    [Theory]
    [InlineData("cccc", "aa", 4, 2, false)]
    [InlineData("ccccc", "aa", 4, 2, true)]
    [InlineData("cc", "aaaaaa", 2, 4, true)]
    [InlineData("ccccc", "aaaaaaa", 3, 3, true)]
    [InlineData("ccccccccc", "aaaa", 3, 3, true)]
    public void The_longer_text_is_cut_first(string first, string second, int firstKept, int secondKept, bool isCut)
    {
        EncodedText text = TokenizerFiles.FromModel(TokenizerFiles.Letters, Bert).Encode(first, second, maxLength: 9);

        Assert.Equal(firstKept, text.Ids.Count(id => id == 3));
        Assert.Equal(secondKept, text.Ids.Count(id => id == 1));
        Assert.Equal(isCut, text.IsCut);
    }

    [Fact]
    public void An_odd_place_goes_to_the_longer_text()
    {
        EncodedText text = TokenizerFiles.FromModel(TokenizerFiles.Letters, Bert).Encode("cccccc", "aaaaaaaa", maxLength: 10);

        Assert.Equal((3, 4), (text.Ids.Count(id => id == 3), text.Ids.Count(id => id == 1)));
    }

    [Fact]
    public void What_can_not_be_done_is_said()
    {
        Tokenizer bert = TokenizerFiles.FromModel(TokenizerFiles.Letters, Bert), bare = TokenizerFiles.FromModel(TokenizerFiles.Letters);

        Bad.Input(() => bare.Encode("a", "b", 9), "do not say what a pair of texts becomes");
        Bad.Input(() => bert.Encode("a", "b", 4), "max_length 4: the special tokens alone are 3; give more");
    }
}
