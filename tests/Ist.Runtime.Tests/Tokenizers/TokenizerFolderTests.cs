using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class TokenizerFolderTests
{
    private const string Json = """
        {"model": {"type": "BPE", "vocab": {"<s>": 0, "</s>": 1, "<pad>": 2, "a": 3, "<eot>": 4}, "merges": []},
         "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}}, "decoder": {"type": "Fuse"}}
        """;

    [Fact]
    public void Roles_come_from_the_configuration_then_the_map_then_the_models_ids()
    {
        Tokenizer tokenizer = TokenizerFiles.Load(("tokenizer.json", Json),
            ("tokenizer_config.json", """{"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": null}"""),
            ("special_tokens_map.json", """{"bos_token": "a", "eos_token": "</s>"}"""),
            ("generation_config.json", """{"eos_token_id": [1, 4]}"""),
            ("config.json", """{"eos_token_id": 3, "pad_token_id": 2}"""));
        Assert.Equal((0, 1, 2, null), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnkId));
        Assert.Equal([1, 4], tokenizer.EosIds);
        // What has a role is special, though tokenizer.json lists no added tokens.
        Assert.Equal("a", tokenizer.Decode([0, 3, 1]));
    }

    [Fact]
    public void Without_any_name_there_is_no_role()
    {
        Tokenizer tokenizer = TokenizerFiles.Load(("tokenizer.json", Json));
        Assert.Equal((null, null, null, null), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnkId));
        Assert.Empty(tokenizer.EosIds);
        Assert.Equal([0, 3], tokenizer.Encode("a"));
    }

    [Theory]
    [InlineData("LlamaTokenizerFast", "\"add_bos_token\": false", "3")]
    [InlineData("LlamaTokenizer", "\"add_bos_token\": true, \"add_eos_token\": true", "0,3,1")]
    [InlineData("LlamaTokenizerFast", "\"add_eos_token\": true", "0,3,1")]
    [InlineData("LlamaTokenizerFast", "\"x\": 1", "0,3")]
    [InlineData("PreTrainedTokenizerFast", "\"add_bos_token\": false", "0,3")]
    public void Llamas_classes_write_the_template_anew(string tokenizerClass, string switches, string ids)
    {
        Tokenizer tokenizer = TokenizerFiles.Load(("tokenizer.json", Json), ("tokenizer_config.json",
            $$"""{"tokenizer_class": "{{tokenizerClass}}", "bos_token": "<s>", "eos_token": "</s>", {{switches}}}"""));
        Assert.Equal(ids, string.Join(',', tokenizer.Encode("a")));
    }

    [Fact]
    public void Vocab_and_merges_cut_as_their_class_does()
    {
        const string vocab = """{"a": 0, "Ġ": 1, "Ġa": 2, "1": 3, "11": 4, "<s>": 5, "</s>": 6, "<pad>": 7, "<unk>": 8, "<|endoftext|>": 9, "Ã": 10, "©": 11}""";
        const string merges = "#version: 0.2\nĠ a\n1 1\n";
        Assert.Equal([0, 2, 4, 9], Of(null).Encode("a a11<|endoftext|>"));
        Assert.Equal(9, Of(null).EosId);
        Assert.Equal([2, 2], Of("\"tokenizer_class\": \"GPT2Tokenizer\", \"add_prefix_space\": true").Encode("a a"));
        Assert.Equal([5, 0, 6], Of("\"tokenizer_class\": \"RobertaTokenizer\"").Encode("a"));
        // Qwen cuts each digit off, and composes first.
        Assert.Equal([0, 3, 3, 10, 11], Of("\"tokenizer_class\": \"Qwen2TokenizerFast\"").Encode("a11e\u0301"));
        Bad.Input(() => Of("\"tokenizer_class\": \"CodeGenTokenizer\""), "vocab.json: ", "'CodeGenTokenizer'", "tokenizer.json");

        Tokenizer Of(string? config)
        {
            List<(string, string)> files = [("vocab.json", vocab), ("merges.txt", merges)];
            if (config is not null)
                files.Add(("tokenizer_config.json", "{" + config + "}"));
            return TokenizerFiles.Load([.. files]);
        }
    }

    [Fact]
    public void What_is_wrong_is_named_with_its_file()
    {
        Bad.Input(() => Tokenizer.Load("/no/such/folder"), "/no/such/folder: there is no such folder");
        Bad.Input(() => TokenizerFiles.Load(), "no tokenizer here", "tokenizer.json", "merges.txt");
        Bad.Input(() => TokenizerFiles.Load(("tokenizer.json", "{")), "tokenizer.json: line 1");
        Bad.Input(() => TokenizerFiles.Load(("tokenizer.json", "{}")), "tokenizer.json: 'model' is missing");
        Bad.Input(() => TokenizerFiles.Load(("tokenizer.json", Json), ("tokenizer_config.json", """{"pad_token": "[PAD]"}""")),
            "tokenizer_config.json: 'pad_token' is '[PAD]'", "vocabulary lacks", "set the key to null");
        Bad.Input(() => TokenizerFiles.Load(("tokenizer.json", Json), ("config.json", """{"eos_token_id": 9}""")),
            "config.json: 'eos_token_id' is 9", "below 5");
        Bad.Input(() => TokenizerFiles.Load(("tokenizer.json", Json), ("tokenizer_config.json", """{"tokenizer_class": "LlamaTokenizer", "add_bos_token": true}""")),
            "tokenizer.json: add_bos_token is set", "bos_token");
        Bad.Input(() => TokenizerFiles.Load(("tokenizer.json", Json), ("tokenizer_config.json", """{"added_tokens_decoder": 1}"""), ("special_tokens_map.json", """{"bos_token": 1}""")),
            "special_tokens_map.json: 'bos_token'", "expected a string");
        Bad.Input(() => TokenizerFiles.Load(("vocab.json", """{"a": 0}""")), "merges.txt: there is no such file");
        Bad.Input(() => TokenizerFiles.Load(("vocab.json", """{"a": 0}"""), ("merges.txt", "a\n")), "merges.txt: line 1 is 'a'", "expected two tokens");
        Bad.Input(() => TokenizerFiles.Load(("vocab.json", """{"a": 0}"""), ("merges.txt", "#version: 0.2\na b\n")), "merges.txt: merge 1", "'b'");
    }
}
