using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class NormalizerTests
{
    [Theory]
    [InlineData("""{"type": "Prepend", "prepend": "▁"}""", "a b", "▁a b")]
    [InlineData("""{"type": "Prepend", "prepend": "▁"}""", "", "")]
    [InlineData("""{"type": "Replace", "pattern": {"String": " "}, "content": "▁"}""", " a  b", "▁a▁▁b")]
    [InlineData("""{"type": "Replace", "pattern": {"Regex": "\\s+"}, "content": "$0"}""", "a \n b", "a$0b")]
    [InlineData("""{"type": "Replace", "pattern": {"String": ""}, "content": "x"}""", "ab", "ab")]
    [InlineData("""{"type": "Lowercase"}""", "ÀΣ\u0130𐐀", "àσi\u0307𐐨")]
    [InlineData("""{"type": "Strip", "strip_left": true, "strip_right": false}""", " \u00A0a ", "a ")]
    [InlineData("""{"type": "Strip", "strip_left": false, "strip_right": true}""", " a \n", " a")]
    [InlineData("""{"type": "StripAccents"}""", "e\u0301é\u20DD", "eé")]
    [InlineData("""{"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}]}""", "Élan", "elan")]
    [InlineData("""{"type": "Sequence", "normalizers": []}""", "É", "É")]
    public void Each_kind(string node, string text, string expected) =>
        Assert.Equal(expected, NormalizerReader.Read(TokenizerFiles.Node(node)).Normalize(text));

    // From NormalizationTest.txt of the Unicode Character Database, and Hangul, U+FB01 and an excluded composition.
    [Theory]
    [InlineData("\u1E0A\u0323", "\u1E0C\u0307", "D\u0323\u0307", "\u1E0C\u0307", "D\u0323\u0307")]
    [InlineData("\uAC01", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\uFB01x²", "\uFB01x²", "\uFB01x²", "fix2", "fix2")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\u212B", "\u00C5", "A\u030A", "\u00C5", "A\u030A")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    [InlineData("e\u0301\u0301", "é\u0301", "e\u0301\u0301", "é\u0301", "e\u0301\u0301")]
    [InlineData("plain", "plain", "plain", "plain", "plain")]
    public void Unicode_forms(string text, string nfc, string nfd, string nfkc, string nfkd)
    {
        string[] expected = [nfc, nfd, nfkc, nfkd];
        string[] types = ["NFC", "NFD", "NFKC", "NFKD"];
        Assert.Equal(expected, types.Select(t => NormalizerReader.Read(TokenizerFiles.Node($$"""{"type": "{{t}}"}""")).Normalize(text)));
    }

    [Fact]
    public void Unknown_kinds_are_refused_by_name() =>
        Bad.Input(() => NormalizerReader.Read(TokenizerFiles.Node("""{"type": "Precompiled"}""")),
            "tokenizer.json: 'type'", "the normalizer 'Precompiled'", "supported are", "NFKC");

    [Fact]
    public void A_pattern_of_neither_kind_is_refused() =>
        Bad.Input(() => NormalizerReader.Read(TokenizerFiles.Node("""{"type": "Replace", "pattern": {}, "content": ""}""")), "'pattern'", "String", "Regex");
}
