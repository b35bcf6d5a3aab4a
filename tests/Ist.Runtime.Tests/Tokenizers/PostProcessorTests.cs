using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class PostProcessorTests
{
    private const string Template = """
        {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
         {"SpecialToken": {"id": "</s>", "type_id": 0}}], "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [1, 7], "tokens": ["<s>", "x"]},
         "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}}
        """;

    [Theory]
    [InlineData(Template, "1,7", "2")]
    [InlineData("""{"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": true, "add_prefix_space": true}""", "0", "2")]
    [InlineData("""{"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]}""", "101", "102")]
    [InlineData("""{"type": "ByteLevel", "trim_offsets": false}""", "", "")]
    [InlineData("""
        {"type": "Sequence", "processors": [{"type": "ByteLevel"}, {"type": "BertProcessing", "sep": ["a", 3], "cls": ["b", 4]},
         {"type": "BertProcessing", "sep": ["a", 5], "cls": ["b", 6]}]}
        """, "6,4", "3,5")]
    public void Each_kind(string node, string prefix, string suffix)
    {
        PostProcessor processor = PostProcessorReader.Read(TokenizerFiles.Node(node));
        Assert.Equal(prefix, string.Join(',', processor.Prefix));
        Assert.Equal(suffix, string.Join(',', processor.Suffix));
    }

    [Theory]
    [InlineData("""{"type": "Other"}""", "the post-processor 'Other'")]
    [InlineData("""{"type": "BertProcessing", "sep": ["a"], "cls": ["b", 4]}""", "'sep' isn't a pair")]
    [InlineData("""{"type": "TemplateProcessing", "single": []}""", "doesn't name the sequence A")]
    [InlineData("""{"type": "TemplateProcessing", "single": [{"Sequence": {"id": "B"}}]}""", "another sequence than A")]
    [InlineData("""{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x"}}], "special_tokens": {}}""", "names the token 'x'")]
    public void What_is_not_supported_is_refused_by_name(string node, string message) =>
        Bad.Input(() => PostProcessorReader.Read(TokenizerFiles.Node(node)), "tokenizer.json: ", message);

    [Fact]
    public void Special_tokens_are_added_only_where_asked_for()
    {
        Tokenizer tokenizer = TokenizerFiles.FromModel(TokenizerFiles.Letters, "\"post_processor\": " + Template);
        Assert.Equal([1, 7, 5, 2], tokenizer.Encode("abc"));
        Assert.Equal([5], tokenizer.Encode("abc", addSpecialTokens: false));
        Assert.Equal([1, 7, 2], tokenizer.Encode(""));
        List<int> ids = [9];
        tokenizer.Encode("abca".AsSpan(), ids);
        Assert.Equal([9, 5, 1], ids);
    }
}
