using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class DecoderTests
{
    [Theory]
    [InlineData("""{"type": "ByteLevel"}""", "Hello|Ġmy|ĠÃ|©|<|é 한>", "Hello my é<é 한>")]
    [InlineData("""{"type": "ByteLevel"}""", "aÃ|b", "a\uFFFDb")]
    [InlineData("""{"type": "ByteFallback"}""", "<0x61>|x|<0xE5>|<0x8f>|<0xab>|<0xZZ>", "a|x|叫|<0xZZ>")]
    [InlineData("""{"type": "ByteFallback"}""", "<0x61>|<0xE5>|<0x8F>|x", "\uFFFD|\uFFFD|\uFFFD|x")]
    [InlineData("""{"type": "Fuse"}""", "a|b", "ab")]
    [InlineData("""{"type": "Strip", "content": " ", "start": 1, "stop": 0}""", "  a |b", " a |b")]
    [InlineData("""{"type": "Strip", "content": "_", "start": 0, "stop": 2}""", "_a___|__", "_a_|")]
    [InlineData("""{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}""", "▁a▁|b", " a |b")]
    [InlineData("""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"}""", "▁Hey|▁friend!", "Hey| friend!")]
    [InlineData("""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never"}""", "▁Hey|▁friend!", " Hey| friend!")]
    [InlineData("""{"type": "BPEDecoder", "suffix": "</w>"}""", "he|llo</w>|you</w>", "he|llo |you")]
    [InlineData("""
        {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
         {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
        """, "▁Hey|▁|<0xE5>|<0x8F>|<0xAB>", "Hey 叫")]
    public void Each_kind(string node, string tokens, string expected) =>
        Assert.Equal(expected, string.Join('|', DecoderReader.Read(TokenizerFiles.Node(node)).Decode([.. tokens.Split('|')])));

    [Fact]
    public void Unknown_kinds_are_refused_by_name() =>
        Bad.Input(() => DecoderReader.Read(TokenizerFiles.Node("""{"type": "CTC"}""")), "the decoder 'CTC'", "supported are", "ByteFallback");

    [Fact]
    public void Spaces_join_tokens_where_there_is_no_decoder() =>
        Assert.Equal("abc a", TokenizerFiles.FromModel(TokenizerFiles.Letters).Decode([5, 1]));

    [Fact]
    public void Ids_without_a_token_are_left_out() =>
        Assert.Equal("abc", TokenizerFiles.FromModel(TokenizerFiles.Letters).Decode([5, 99, -1]));
}
