using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class OnigurumaRegexTests
{
    [Theory]
    [InlineData(@"[^\r\n\p{L}\p{N}]?+\p{L}+", @"(?>[^\r\n\p{L}\p{N}]?)\p{L}+")]
    [InlineData(@"\s++$", @"(?>\s+)$")]
    [InlineData(@"(a|b(c)*+)*+d++", @"(?>(a|b(?>(c)*))*)(?>d+)")]
    [InlineData(@"a{2}x?+", @"a{2}(?>x?)")]
    [InlineData(@"\p{N}{1,3}|\[+|(?i:'s)?(?!\S)", @"\p{N}{1,3}|\[+|(?i:'s)?(?!\S)")]
    [InlineData(@"\w+|[\w-]|\W", @"[\p{L}\p{M}\p{Nd}\p{Pc}]+|[\p{L}\p{M}\p{Nd}\p{Pc}-]|[^\p{L}\p{M}\p{Nd}\p{Pc}]")]
    [InlineData(@"[^+*]+?", @"[^+*]+?")]
    public void Patterns_are_put_in_dotnets_syntax(string pattern, string expected) => Assert.Equal(expected, OnigurumaRegex.Translate(pattern));

    [Fact]
    public void A_possessive_quantifier_gives_nothing_back()
    {
        Assert.DoesNotMatch(OnigurumaRegex.Compile("^a?+a$"), "a");
        Assert.Matches(OnigurumaRegex.Compile("^a?a$"), "a");
    }

    [Theory]
    [InlineData(@"[[:alpha:]]", "a class within a class")]
    [InlineData(@"[a-z&&b]", "intersection")]
    [InlineData(@"\h+", "\\h")]
    [InlineData(@"\p{Han}", "Han")]
    [InlineData(@"\pL", "without a name in braces")]
    [InlineData(@"a{1,2}+", "quantifier")]
    [InlineData(@"[a", "isn't closed")]
    [InlineData(@"a)", "parenthesis")]
    [InlineData(@"a\", "backslash")]
    [InlineData(@"[\W]", "within a class")]
    [InlineData(@"[😀]", "beyond U+FFFF")]
    public void What_dotnet_cannot_express_is_refused_with_the_pattern(string pattern, string cause) =>
        Bad.Input(() => OnigurumaRegex.Compile(TokenizerFiles.Node("{}"), "Regex", pattern), "tokenizer.json: 'Regex'", $"'{pattern}'", cause);
}
