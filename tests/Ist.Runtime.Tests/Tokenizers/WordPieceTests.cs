using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class WordPieceTests
{
    private const string Words = """
        {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 6,
         "vocab": {"[UNK]": 0, "ba": 1, "##na": 2, "##n": 3, "b": 4, "##a": 5, "𐀀": 6, "##𐀀": 7, "é": 8, "e": 9, "[CLS]": 10, "[SEP]": 11}}
        """;

    // A word whose rest no token covers is unknown as a whole, though its beginning is a token.
    [Theory]
    [InlineData("banana", "1,2,2")]
    [InlineData("ban", "1,3")]
    [InlineData("nanana", "0")]
    [InlineData("bax", "0")]
    [InlineData("bananan", "0")]
    [InlineData("𐀀𐀀𐀀", "6,7,7")]
    [InlineData("b𐀀", "4,7")]
    [InlineData("𐀀𐀀𐀀𐀀𐀀𐀀", "6,7,7,7,7,7")]
    public void The_longest_token_is_taken_first(string word, string ids)
    {
        Tokenizer tokenizer = TokenizerFiles.FromModel(Words);
        // The second time it comes from the cache.
        Assert.Equal(ids, string.Join(',', tokenizer.Encode(word)));
        Assert.Equal(ids, string.Join(',', tokenizer.Encode(word)));
    }

    [Fact]
    public void A_file_without_a_type_is_told_by_its_keys()
    {
        string untyped = Words.Replace("\"type\": \"WordPiece\", ", "", StringComparison.Ordinal);
        Assert.Equal([1, 2], TokenizerFiles.FromModel(untyped).Encode("bana"));
    }

    [Theory]
    [InlineData("""{"type": "WordPiece", "vocab": {"a": 0}}""", "'model.unk_token' is '[UNK]', which the vocabulary lacks")]
    [InlineData("""{"type": "WordPiece", "vocab": {"[UNK]": 0}, "max_input_chars_per_word": 0}""", "'model.max_input_chars_per_word' is 0")]
    [InlineData("""{"type": "WordPiece", "vocab": {}}""", "'model.vocab' holds no token")]
    public void What_is_wrong_is_refused_by_name(string model, string message) =>
        Bad.Input(() => TokenizerFiles.FromModel(model), "tokenizer.json: ", message);

    // Cleaning drops Cc, Cf and Co; Chinese blocks only, so that no space goes around kana.
    [Theory]
    [InlineData("""{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true}""", "Ab\u0000\u200D\uFFFD\u00A0É工か\r", "ab e 工 か ")]
    [InlineData("""{"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": false, "strip_accents": null, "lowercase": false}""", "É工\t", "É工 ")]
    [InlineData("""{"type": "BertNormalizer", "clean_text": false, "handle_chinese_chars": false, "strip_accents": false, "lowercase": true}""", "É\u0001\u0301", "é\u0001\u0301")]
    [InlineData("""{"type": "BertNormalizer", "clean_text": false, "handle_chinese_chars": false, "strip_accents": true, "lowercase": false}""", "É\u20DD", "E\u20DD")]
    [InlineData("""{"type": "BertNormalizer"}""", "Σ\uE000\u0378", "σ\u0378")]
    public void Normalizer(string node, string text, string expected) =>
        Assert.Equal(expected, NormalizerReader.Read(TokenizerFiles.Node(node)).Normalize(text));

    [Theory]
    [InlineData("Hey friend!     How are you?!?", "Hey|friend|!|How|are|you|?|!|?")]
    [InlineData("a$b。\u3000c", "a|$|b|。|c")]
    public void Pre_tokenizer(string text, string expected)
    {
        var pieces = new List<Piece>();
        PreTokenizerReader.Read(TokenizerFiles.Node("""{"type": "BertPreTokenizer"}""")).Split(new Piece(text.AsMemory(), true), pieces);
        Assert.Equal(expected, string.Join('|', pieces.Select(p => p.Text.ToString())));
    }

    [Theory]
    [InlineData("true", "##uelo|Ara|##új|##o|,|do not|'s", "##uelo Araújo, don't's")]
    [InlineData("false", "a|.|##b", "a .b")]
    public void Decoder(string cleanup, string tokens, string expected) => Assert.Equal(expected,
        string.Concat(DecoderReader.Read(TokenizerFiles.Node($$"""{"type": "WordPiece", "prefix": "##", "cleanup": {{cleanup}}}""")).Decode([.. tokens.Split('|')])));

    [Fact]
    public void Switches_of_the_configuration_overrule_the_normalizer()
    {
        const string normalizer = """
            "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true}
            """;
        Assert.Equal([9], Of("{}").Encode("É"));
        Assert.Equal([0], Of("""{"do_lower_case": false}""").Encode("É"));
        Assert.Equal([8], Of("""{"do_lower_case": false, "strip_accents": null}""").Encode("é"));
        Assert.Equal([8], Of("""{"strip_accents": false}""").Encode("É"));

        static Tokenizer Of(string config) => TokenizerFiles.Load(
            ("tokenizer.json", $$"""{"model": {{Words}}, {{normalizer}}}"""), ("tokenizer_config.json", config));
    }

    [Fact]
    public void Vocab_txt_numbers_lines()
    {
        const string lines = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nba \n##na\r\nBa\n";
        Tokenizer tokenizer = TokenizerFiles.Load(("vocab.txt", lines));
        Assert.Equal([2, 4, 5, 3], tokenizer.Encode("Bana"));
        Assert.Equal((7, 0, 1), (tokenizer.VocabSize, tokenizer.PadId, tokenizer.UnkId));
        Assert.Equal("bana", tokenizer.Decode([2, 4, 5, 3, 0]));
        Assert.Equal([2, 6, 5, 3], TokenizerFiles.Load(("vocab.txt", lines),
            ("tokenizer_config.json", """{"tokenizer_class": "BertTokenizer", "do_lower_case": false}""")).Encode("Bana"));
        Bad.Input(() => TokenizerFiles.Load(("vocab.txt", "[UNK]\na\n")), "vocab.txt", "cls_token '[CLS]'", "tokenizer_config.json");
        Bad.Input(() => TokenizerFiles.Load(("vocab.txt", lines), ("tokenizer_config.json", """{"tokenizer_class": "BertJapaneseTokenizer"}""")),
            "vocab.txt: ", "'BertJapaneseTokenizer'", "tokenizer.json");
    }

    [Fact]
    public void Robertas_file_is_byte_level_between_its_tokens()
    {
        Tokenizer tokenizer = TokenizerFiles.Load(("tokenizer.json", """
            {"model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": false,
              "vocab": {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "a": 4, "Ġ": 5, "Ġa": 6, "<mask>": 7}, "merges": ["Ġ a"]},
             "added_tokens": [{"id": 0, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": true, "special": true},
              {"id": 7, "content": "<mask>", "single_word": false, "lstrip": true, "rstrip": false, "normalized": true, "special": true}],
             "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
             "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 0], "trim_offsets": true, "add_prefix_space": false},
             "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true}}
            """), ("tokenizer_config.json", """{"tokenizer_class": "RobertaTokenizer", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}"""));
        Assert.Equal([0, 4, 6, 7, 2], tokenizer.Encode("a a <mask>"));
        Assert.Equal("a a", tokenizer.Decode([0, 4, 6, 2]));
    }
}
