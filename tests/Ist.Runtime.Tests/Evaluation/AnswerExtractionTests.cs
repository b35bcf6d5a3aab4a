using Ist.Runtime.Evaluation;

namespace Ist.Runtime.Tests.Evaluation;

/// <summary>What LLM-Adapters' rules find in odd answers, by running them in one's head on Python's <c>re.findall</c>.</summary>
public sealed class AnswerExtractionTests
{
    [Theory]
    [InlineData("the correct answer is true", "true")]
    [InlineData("it is not true, so false", "true")]
    [InlineData("untrue", "true")]
    [InlineData("TRUE", "")]
    [InlineData("True", "")]
    [InlineData("", "")]
    [InlineData("  \n", "")]
    public void The_first_of_two_words(string text, string expected) =>
        Assert.Equal(expected, new AnswerExtraction("test", "true|false").Extract(text));

    [Theory]
    [InlineData("the correct answer is answer3", "answer3")]
    [InlineData("answer12", "answer1")]
    [InlineData("answer 3", "")]
    [InlineData("Answer3", "")]
    [InlineData("answer7, no: answer5", "answer5")]
    public void Numbered_answers(string text, string expected) =>
        Assert.Equal(expected, new AnswerExtraction("test", "answer1|answer2|answer3|answer4|answer5").Extract(text));

    [Theory]
    [InlineData("The answer is C", "C")]
    [InlineData("Answer: C", "A")]
    [InlineData("But it is B", "B")]
    [InlineData("Correct: A", "C")]
    [InlineData("it is c", "")]
    public void AQuA_takes_the_first_capital_even_of_a_word(string text, string expected) =>
        Assert.Equal(expected, new AnswerExtraction("test", "A|B|C|D|E").Extract(text));

    [Theory]
    [InlineData("There are 1,234 apples", "1234", "1234", true)]
    [InlineData("3 + 4 = 7.", "7.", "7", true)]
    [InlineData("3 + 4 = 7. Done in 2 steps", "2", "7", false)]
    [InlineData("from 10-3", "-3", "3", false)]
    [InlineData("it costs $5.50", "5.50", "5.5", true)]
    [InlineData("0.3333", "0.3333", "0.3334", true)]
    [InlineData("0.3333", "0.3333", "0.3350", false)]
    [InlineData("1.2.3", "3", "3", true)]
    [InlineData("no number", "", "0", false)]
    [InlineData("18.0", "18.0", "18", true)]
    public void The_last_number(string text, string expected, string answer, bool isRight)
    {
        var extraction = new AnswerExtraction("test", @"-?\d+\.?\d*") { TakesLast = true, Removed = ",", Comparison = AnswerComparison.Number };

        string found = extraction.Extract(text);

        Assert.Equal(expected, found);
        Assert.Equal(isRight, extraction.IsRight(found, answer));
    }

    [Theory]
    [InlineData("true", "true", true)]
    [InlineData("true", "false", false)]
    [InlineData("", "", false)]
    public void Nothing_is_never_right(string extracted, string answer, bool expected) =>
        Assert.Equal(expected, new AnswerExtraction("test", "true").IsRight(extracted, answer));

    [Theory]
    [InlineData("(?s).*", " two\nlines \n", "two\nlines")]
    [InlineData(@"#### (\d+)", "7 + 8\n#### 15 apples", "15")]
    [InlineData("(a)(b)", "ab", "ab")]
    public void One_group_is_the_answer_and_else_the_match(string pattern, string text, string expected) =>
        Assert.Equal(expected, new AnswerExtraction("test", pattern).Extract(text));

    [Fact]
    public void A_faulty_pattern_is_refused_where_it_stands() =>
        Assert.Contains("task.yaml: line 3", Assert.Throws<InputException>(() => new AnswerExtraction("task.yaml: line 3", "(a")).Message, StringComparison.Ordinal);
}
