using CsCheck;
using Ist.Runtime.Tokenizers;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Tokenizers;

public class RoundTripTests
{
    [Fact]
    public void Byte_level_text_comes_back() => ComesBack(ByteVocabularies.ByteLevel());

    [Fact]
    public void Byte_fallback_text_comes_back() => ComesBack(ByteVocabularies.ByteFallback());

    [Fact]
    public void Gpt_2s_text_comes_back() => ComesBack(Tokenizer.Load(SharedFolder.Require("tokenizers", "gpt2")));

    [Fact]
    public void Stories_text_comes_back() => ComesBack(Tokenizer.Load(SharedFolder.Require("models", "stories260K")));

    [Fact]
    public void An_unpaired_surrogate_counts_as_the_replacement_character()
    {
        Tokenizer tokenizer = ByteVocabularies.ByteLevel();
        Assert.Equal("a\uFFFDb\uFFFD", tokenizer.Decode(tokenizer.Encode("a\uD800b\uDC00")));
    }

    private static void ComesBack(Tokenizer tokenizer) =>
        ByteVocabularies.Text.Sample(text => Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text))), iter: 2000);
}
