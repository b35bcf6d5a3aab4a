using Ist.Runtime.Tests.Checkpoints;

namespace Ist.Runtime.Tests.Tokenizers;

public class BpeModelTests
{
    [Theory]
    [InlineData("abc", "5")]
    [InlineData("bcabc", "6,5")]
    [InlineData("abab", "4,4")]
    [InlineData("cab", "3,4")]
    [InlineData("axxb", "1,0,0,2")]
    [InlineData("a😀", "1,0")]
    public void Merges_of_lower_rank_go_first(string text, string ids) => AssertIds(TokenizerFiles.Letters, text, ids);

    [Fact]
    public void Merges_may_be_pairs() =>
        AssertIds("""{"type": "BPE", "vocab": {"a": 0, " b": 1, "a b": 2, " ": 3, "b": 4}, "merges": [[" ", "b"], ["a", " b"]]}""", "a ba", "2,0");

    [Fact]
    public void A_model_without_a_type_is_bpe_where_it_has_merges() =>
        AssertIds("""{"vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}""", "abb", "2,1");

    [Fact]
    public void Unknown_characters_fuse_where_asked_for_and_go_where_there_is_no_token_for_them()
    {
        AssertIds("""{"type": "BPE", "unk_token": "?", "fuse_unk": true, "vocab": {"?": 0, "a": 1}, "merges": []}""", "xyazx", "0,1,0");
        AssertIds("""{"type": "BPE", "vocab": {"?": 0, "a": 1}, "merges": []}""", "xyaz", "1");
    }

    [Fact]
    public void Byte_fallback_needs_all_of_a_characters_bytes()
    {
        const string model = """
            {"type": "BPE", "unk_token": "?", "byte_fallback": true, "vocab": {"?": 0, "a": 1, "<0xC3>": 2, "<0xA9>": 3, "<0x62>": 4}, "merges": []}
            """;
        AssertIds(model, "éab", "2,3,1,4");
        AssertIds(model, "aè", "1,0");
    }

    [Fact]
    public void Ignore_merges_takes_a_word_that_is_a_token_as_it_is()
    {
        const string vocab = """{"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3, "abc": 4, "bc": 5}, "merges": ["b c", "a b"]""";
        AssertIds(vocab + ", \"ignore_merges\": true}", "abc", "4");
        AssertIds(vocab + ", \"ignore_merges\": false}", "abc", "0,5");
        AssertIds(vocab + ", \"ignore_merges\": true}", "abcc", "0,5,2");
    }

    [Fact]
    public void A_suffix_ends_words_and_a_prefix_continues_them()
    {
        AssertIds("""
            {"type": "BPE", "end_of_word_suffix": "</w>", "vocab": {"a": 0, "b</w>": 1, "ab</w>": 2, "b": 3, "a</w>": 4}, "merges": ["a b</w>"]}
            """, "ab", "2");
        const string prefix = """
            {"type": "BPE", "continuing_subword_prefix": "##", "vocab": {"a": 0, "##b": 1, "ab": 2, "##c": 3, "##bc": 4, "abc": 5},
             "merges": ["a ##b", "##b ##c", "ab ##c"]}
            """;
        AssertIds(prefix, "abc", "5");
        AssertIds(prefix, "abbc", "2,4");
    }

    [Theory]
    [InlineData("""{"type": "WordLevel", "vocab": {}}""", "'model.type' is the model 'WordLevel'")]
    [InlineData("""{"type": "Unigram", "vocab": []}""", "the model 'Unigram'")]
    [InlineData("""{"type": "Unigram", "vocab": {}}""", "the model 'Unigram'")]
    [InlineData("""{"vocab": {"a": 0}}""", "'model.type' is missing")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": [], "dropout": 0.1}""", "'model.dropout'")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": ["a a a"]}""", "holds \"a a a\" as merge 1")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": [["a", 1]]}""", "'model.merges'")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0}, "merges": ["a a"]}""", "needs the token 'aa', which the vocabulary lacks")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}""", "gives the id 0 to both 'a' and 'b'")]
    [InlineData("""{"type": "BPE", "vocab": {"a": -1}, "merges": []}""", "the id -1")]
    [InlineData("""{"type": "BPE", "vocab": {"a": 2000000000}, "merges": []}""", "2000000000")]
    [InlineData("""{"type": "BPE", "vocab": {"a": "0"}, "merges": []}""", "'model.vocab.a' is the string '0'")]
    [InlineData("""{"type": "BPE", "vocab": {}, "merges": []}""", "holds no token")]
    [InlineData("""{"type": "BPE", "unk_token": "?", "vocab": {"a": 0}, "merges": []}""", "'model.unk_token' is '?'")]
    public void Bad_models_are_refused(string model, string message) =>
        Bad.Input(() => TokenizerFiles.FromModel(model), "tokenizer.json: ", message);

    private static void AssertIds(string model, string text, string ids) =>
        Assert.Equal(ids, string.Join(',', TokenizerFiles.FromModel(model).Encode(text)));
}
