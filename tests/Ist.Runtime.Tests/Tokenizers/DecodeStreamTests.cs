using System.Text;
using CsCheck;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class DecodeStreamTests
{
    private static readonly Tokenizer _byteLevel = ByteVocabularies.ByteLevel();
    private static readonly Tokenizer _byteFallback = ByteVocabularies.ByteFallback();

    [Fact]
    public void Characters_come_whole()
    {
        foreach (Tokenizer tokenizer in (ReadOnlySpan<Tokenizer>)[_byteLevel, _byteFallback])
        {
            var stream = new DecodeStream(tokenizer);
            string[] parts = [.. tokenizer.Encode("é😀 a").Select(stream.Push)];
            Assert.Equal("é😀 a", string.Concat(parts));
            Assert.Equal(["", "é", "", "", "", "😀", " ", "a"], parts[^8..]);
            Assert.Equal("", stream.Flush());
        }
    }

    [Fact]
    public void A_tokens_whole_characters_do_not_wait_for_its_broken_one()
    {
        Tokenizer tokenizer = TokenizerFiles.FromModel("""{"type": "BPE", "vocab": {"aÃ": 0, "©Ã": 1, "©": 2}, "merges": []}""", """ "decoder": {"type": "ByteLevel"} """);
        var stream = new DecodeStream(tokenizer);
        Assert.Equal(["a", "é", "é"], new[] { 0, 1, 2 }.Select(stream.Push));
    }

    [Fact]
    public void Bytes_that_become_no_character_come_before_other_text_or_at_the_end_or_when_there_are_many()
    {
        int bad = _byteLevel.TokenToId("ÿ")!.Value;
        var stream = new DecodeStream(_byteLevel);
        Assert.Equal(["", "", "\uFFFD\uFFFDa", ""], new[] { bad, bad, _byteLevel.TokenToId("a")!.Value, bad }.Select(stream.Push));
        Assert.Equal("\uFFFD", stream.Flush());
        Assert.Equal(new string('\uFFFD', 32), string.Concat(Enumerable.Repeat(bad, 40).Select(stream.Push)));
        Assert.Equal(new string('\uFFFD', 8), stream.Flush());
        Assert.Equal("", stream.Flush());
    }

    [Fact]
    public void Special_tokens_give_no_text_unless_asked_for_and_words_keep_their_spaces()
    {
        Tokenizer tokenizer = TokenizerFiles.FromModel("""{"type": "BPE", "vocab": {"▁a": 0, "▁b": 1}, "merges": []}""", """
            "added_tokens": [{"id": 2, "content": "<s>", "special": true}], "decoder": {"type": "Metaspace", "replacement": "▁"}
            """);
        var stream = new DecodeStream(tokenizer);
        Assert.Equal(["", "a", " b", "", " a"], new[] { 2, 0, 1, 2, 0 }.Select(stream.Push));
        Assert.Equal(["<s>", " a"], new[] { 2, 0 }.Select(new DecodeStream(tokenizer, skipSpecialTokens: false).Push));
    }

    [Fact]
    public void The_parts_are_the_text() => Gen.Select(ByteVocabularies.Text, Gen.Bool).Sample((text, fallback) =>
    {
        Tokenizer tokenizer = fallback ? _byteFallback : _byteLevel;
        var stream = new DecodeStream(tokenizer);
        var result = new StringBuilder();
        foreach (int id in tokenizer.Encode(text))
        {
            string part = stream.Push(id);
            if (part.Length > 0)
                Assert.False(char.IsHighSurrogate(part[^1]));
            result.Append(part);
        }
        Assert.Equal(text, result.Append(stream.Flush()).ToString());
    }, iter: 500);
}
