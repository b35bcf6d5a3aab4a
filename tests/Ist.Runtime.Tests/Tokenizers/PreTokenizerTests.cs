using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class PreTokenizerTests
{
    // The examples are those of Hugging Face's own tests and documentation where it has any.
    [Theory]
    [InlineData("""{"type": "Whitespace"}""", "Hey man, what's up?!", "Hey|man|,|what|'|s|up|?!")]
    [InlineData("""{"type": "Whitespace"}""", "x𝐀\u0301_1 ☃\u200D𐐀", "x𝐀\u0301_1|☃|\u200D𐐀")]
    [InlineData("""{"type": "WhitespaceSplit"}""", "Hey man,\u3000what's\nup?! ", "Hey|man,|what's|up?!")]
    [InlineData("""{"type": "Punctuation"}""", "Hey friend!     How are you?!?", "Hey friend|!|     How are you|?|!|?")]
    [InlineData("""{"type": "Punctuation", "behavior": "Contiguous"}""", "a?!$b。", "a|?!$|b|。")]
    [InlineData("""{"type": "Digits", "individual_digits": false}""", "Hey 123 friend!", "Hey |123| friend!")]
    [InlineData("""{"type": "Digits", "individual_digits": true}""", "Hey 12² friend!", "Hey |1|2|²| friend!")]
    [InlineData("""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"}""", "Hey   friend!", "▁Hey|▁|▁|▁friend!")]
    [InlineData("""{"type": "Metaspace", "replacement": "▁", "add_prefix_space": true}""", " Hey", "▁Hey")]
    [InlineData("""{"type": "Metaspace", "replacement": "▁", "add_prefix_space": false}""", "Hey you", "Hey|▁you")]
    [InlineData("""{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never", "split": false}""", "Hey you", "Hey▁you")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}""", "Hello my friend,  é't", "Hello|Ġmy|Ġfriend|,|Ġ|ĠÃ©|'t")]
    [InlineData("""{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": false}""", "a b\n", "ĠaĠbĊ")]
    [InlineData("""{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Digits", "individual_digits": true}]}""", "a1 2", "a|1|2")]
    [InlineData("""{"type": "Sequence", "pretokenizers": []}""", "a 1", "a 1")]
    public void Each_kind(string node, string text, string expected) => Assert.Equal(expected, Split(node, text));

    [Theory]
    [InlineData("Removed", false, "the|final|countdown")]
    [InlineData("Isolated", false, "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", false, "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", false, "the|-final|-|-countdown")]
    [InlineData("Contiguous", false, "the|-|final|--|countdown")]
    [InlineData("Removed", true, "-|-|-")]
    [InlineData("MergedWithPrevious", true, "the|-final|-|-countdown")]
    public void Split_behaviors(string behavior, bool invert, string expected)
    {
        string node = $$"""{"type": "Split", "pattern": {"String": "-"}, "behavior": "{{behavior}}", "invert": {{(invert ? "true" : "false")}}}""";
        Assert.Equal(expected, Split(node, "the-final--countdown"));
    }

    [Fact]
    public void Llama_3_cuts_by_its_pattern()
    {
        const string node = """
            {"type": "Split", "behavior": "Isolated", "invert": false, "pattern": {"Regex":
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"}}
            """;
        Assert.Equal("I|'LL| pay|  |\u00A0x| |123|45|$!\n\n|   | ok|  ", Split(node, "I'LL pay  \u00A0x 12345$!\n\n    ok  "));
        // Letters and digits beyond U+FFFF are letters and digits too.
        Assert.Equal("a𝐀𠀀|𝟏𝟐𝟑|𝟒|😀!", Split(node, "a𝐀𠀀𝟏𝟐𝟑𝟒😀!"));
    }

    [Fact]
    public void Gpt_2_cuts_letters_beyond_the_basic_plane_as_letters() =>
        Assert.Equal(3, Split("""{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}""", "x𝐀𝐁!𝟏").Split('|').Length);

    [Fact]
    public void Metaspace_first_puts_a_space_only_where_the_text_begins()
    {
        const string node = """{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"}""";
        Assert.Equal("▁a", Split(node, "a"));
        Assert.Equal("a", Split(node, "a", startsText: false));
    }

    [Theory]
    [InlineData("""{"type": "UnicodeScripts"}""", "the pre-tokenizer 'UnicodeScripts'")]
    [InlineData("""{"type": "Split", "pattern": {"String": "a"}, "behavior": "Merged", "invert": false}""", "'behavior' is 'Merged'")]
    [InlineData("""{"type": "Split", "pattern": {"Regex": "(?<"}, "behavior": "Removed", "invert": false}""", "'pattern.Regex' holds the regular expression '(?<'")]
    [InlineData("""{"type": "Metaspace", "replacement": "ab"}""", "'replacement' is 'ab', expected one character")]
    [InlineData("""{"type": "Metaspace", "replacement": "_", "prepend_scheme": "maybe"}""", "expected always, first or never")]
    [InlineData("""{"type": "Metaspace", "replacement": "_", "prepend_scheme": "always", "add_prefix_space": false}""", "where add_prefix_space is false")]
    [InlineData("""{"type": "ByteLevel"}""", "'add_prefix_space' is missing")]
    public void What_is_not_supported_is_refused_by_name(string node, string message) =>
        Bad.Input(() => PreTokenizerReader.Read(TokenizerFiles.Node(node)), "tokenizer.json: ", message);

    private static string Split(string node, string text, bool startsText = true)
    {
        var pieces = new List<Piece>();
        PreTokenizerReader.Read(TokenizerFiles.Node(node)).Split(new Piece(text.AsMemory(), startsText), pieces);
        return string.Join('|', pieces.Select(p => p.Text.ToString()));
    }
}
