using Ist.Runtime.Tests.Checkpoints;
using Ist.Samples.Making.Corpora;

namespace Ist.Runtime.Tests.Making;

public sealed class CorpusTests
{
    [Fact]
    public void WikiText_loses_headings_and_unknown_words_and_gets_its_punctuation_back() => Assert.Equal(
        "The well-known lobster (60 cm, or \"big\") isn't 30,000 years old.\n\nIt's 5.5 cm.",
        WikiText.Plain(" \n = Homarus = \n \n The well @-@ known lobster ( 60 cm , or \" big \" ) is n't 30 @,@ 000 years old . \n An <unk> one . \n It 's 5 @.@ 5 cm . \n"));

    [Fact]
    public void End_to_end_rows_with_and_without_their_meaning()
    {
        const string line = "name : Cocum | area : riverside||Cocum is a family - friendly pub , by the riverside . \n";

        Assert.Equal("Cocum is a family-friendly pub, by the riverside.", EndToEnd.Plain(line, withMeaning: false));
        Assert.Equal("name: Cocum | area: riverside => Cocum is a family-friendly pub, by the riverside.", EndToEnd.Plain(line, withMeaning: true));
        Bad.Input(() => EndToEnd.Plain(line + "no bars", withMeaning: false), "line 2", "'meaning||text' was expected");
    }
}
