using System.Text.Json;
using Ist.Runtime.Evaluation;

namespace Ist.Runtime.Tests.Evaluation;

public sealed class PromptTemplateTests
{
    private static readonly TaskRow _row = new(
        JsonDocument.Parse("""{"question": "Is {it} so?", "number": 1.50, "so": true, "list": [], "nothing": null}""").RootElement, 3, "rows.jsonl: line 3");

    [Theory]
    [InlineData("no field", "no field")]
    [InlineData("{question}", "Is {it} so?")]
    [InlineData("Q: {question}\nA:", "Q: Is {it} so?\nA:")]
    [InlineData("{number}{so}", "1.50true")]
    [InlineData("{{{number}}}", "{1.50}")]
    [InlineData("{{question}}", "{question}")]
    public void Fields_take_their_places(string template, string expected) => Assert.Equal(expected, new PromptTemplate("test", template).Fill(_row));

    [Theory]
    [InlineData("{questoin}", "'question'")]
    [InlineData("{list}", "Array")]
    [InlineData("{nothing}", "Null")]
    public void A_field_that_is_no_text_is_refused(string template, string part)
    {
        var filled = new PromptTemplate("test", template);
        string message = Assert.Throws<InputException>(() => filled.Fill(_row)).Message;
        Assert.StartsWith("rows.jsonl: line 3: ", message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a {b", 3)]
    [InlineData("a } b", 3)]
    [InlineData("{}", 1)]
    public void A_brace_without_a_partner_is_refused(string template, int character) =>
        Assert.Contains($"task.yaml: line 2: the brace at character {character} ", Assert.Throws<InputException>(
            () => new PromptTemplate("task.yaml: line 2", template)).Message, StringComparison.Ordinal);
}
