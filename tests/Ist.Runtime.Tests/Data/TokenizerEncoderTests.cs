using Ist.Runtime.Data;
using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;
using Ist.Samples.Making.Tokenizers;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Data;

public sealed class TokenizerEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tokenizer_that_adds_BOS()
    {
        var encoder = new TokenizerEncoder(Tokenizer.Load(SharedFolder.Require("models", "stories260K")));

        Assert.Equal((1, 2, true), (encoder.BosId, encoder.EosId, encoder.AddsBos));
    }

    [Fact]
    public void A_tokenizer_that_adds_nothing()
    {
        TokenizerFiles.Write(_folder.Path, new BytePairVocabulary(BytePairVocabulary.Alphabet(), []));
        var encoder = new TokenizerEncoder(Tokenizer.Load(_folder.Path));
        var ids = new List<int> { 7 };

        encoder.Encode("!", ids);

        Assert.Equal((0, 0, false), (encoder.BosId, encoder.EosId, encoder.AddsBos));
        Assert.Equal([7, 1], ids);
    }

    [Fact]
    public void A_tokenizer_without_EOS_is_refused()
    {
        TokenizerFiles.Write(_folder.Path, new BytePairVocabulary(BytePairVocabulary.Alphabet(), []));
        _folder.Write("tokenizer_config.json", "{}");

        Bad.Input(() => _ = new TokenizerEncoder(Tokenizer.Load(_folder.Path)), "no EOS token is named", "eos_token in tokenizer_config.json");
    }

    [Fact]
    public void A_tokenizer_that_puts_other_tokens_around_a_text_is_refused()
    {
        TokenizerFiles.Write(_folder.Path, new BytePairVocabulary(BytePairVocabulary.Alphabet(), []));
        string json = File.ReadAllText(_folder.File("tokenizer.json"));
        _folder.Write("tokenizer.json", json.Replace("\"post_processor\": null", """
            "post_processor": {"type": "TemplateProcessing", "special_tokens": {"!": {"id": "!", "ids": [1], "tokens": ["!"]}}, "pair": [],
              "single": [{"SpecialToken": {"id": "!", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "!", "type_id": 0}}]}
            """, StringComparison.Ordinal));

        Bad.Input(() => _ = new TokenizerEncoder(Tokenizer.Load(_folder.Path)), "tokenizer: it makes '!', 'a', '!' of 'a'");
    }
}
