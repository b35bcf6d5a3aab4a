using Ist.Cli.Tests.Support;

namespace Ist.Cli.Tests;

/// <summary>What is wrong with a task or its rows is told in one line.</summary>
public sealed class TaskErrorTests : IDisposable
{
    private const string Good = "kind: multiple_choice\nprompt: \"{q}\"\nchoices: [\"yes\", \"no\"]\nanswer: a\n";

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public TaskErrorTests() => _model = TinyModel.Create(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("kind: multiple_choice\nchoises: [a]\nanswer: a\n", "task.yaml: line 2: 'choises' is no setting of a task", "'choices'")]
    [InlineData("kind: multiple\nanswer: a\n", "task.yaml: line 1: 'kind' is 'multiple'; expected one of multiple_choice, generation, classification")]
    [InlineData("prompt: a\nanswer: a\n", "task.yaml: the key 'kind' is missing")]
    [InlineData("kind: generation\nprompt: a\n", "task.yaml: the key 'answer' is missing")]
    [InlineData("kind: generation\nprompt: a\nanswer: a\n", "task task: it lacks pattern")]
    [InlineData("kind: multiple_choice\nprompt: a\nanswer: a\n", "task task: it lacks choices")]
    [InlineData("kind: multiple_choice\nchoices: [a]\nanswer: a\n", "task task: it lacks prompt")]
    [InlineData("kind: multiple_choice\nprompt: a\nchoices: [a]\nchoices_field: b\nanswer: a\n", "line 3", "exclude each other")]
    [InlineData("kind: generation\nprompt: \"{q\"\nanswer: a\n", "task.yaml: line 2: 'prompt': the brace at character 1")]
    [InlineData("kind: generation\nprompt: q\nanswer: a\npattern: (\n", "task.yaml: line 4: 'pattern': '(' isn't a valid regular expression")]
    [InlineData("kind: generation\nprompt: q\nanswer: a\npattern: q\nmax_new_tokens: 0\n", "line 5: 'max_new_tokens' is 0")]
    [InlineData("kind: generation\nprompt: q\nanswer: a\npattern: q\nmax_new_tokens: 5000\n", "max_new_tokens is 5000, but the model has")]
    [InlineData("- kind\n", "task.yaml: line 1: expected one mapping")]
    public void A_faulty_task(string yaml, params string[] parts) => Evaluate(yaml, """{"q": "x", "a": "yes"}""").Failed(2, parts);

    [Theory]
    [InlineData("""{"q": "x", "a": "maybe"}""", "rows.jsonl: line 1: the answer 'maybe' is none of the choices; expected 'yes', 'no', or a number from 0 to 1")]
    [InlineData("""{"q": "x", "a": "yess"}""", "did you mean 'yes'?")]
    [InlineData("""{"q": "x", "a": 2}""", "the answer '2' is none of the choices")]
    [InlineData("""{"Q": "x", "a": "yes"}""", "line 1: the task reads the field 'q', which the row lacks; did you mean 'Q'?; it has 'Q', 'a'")]
    [InlineData("""{"q": ["x"], "a": "yes"}""", "line 1: 'q' must be a text or a number, found Array")]
    [InlineData("""{"q": "\ud800", "a": "yes"}""", "line 1: 'q' has a \\u escape that is half of a surrogate pair")]
    [InlineData("""["q"]""", "line 1: a row must be an object, found Array")]
    [InlineData("""{"q": """, "line 1, column", "it isn't valid JSON")]
    public void A_faulty_row(string row, params string[] parts) => Evaluate(Good, row).Failed(2, parts);

    [Fact]
    public void An_answer_that_a_row_does_not_offer() => Evaluate(Good + "listed_in: q\n", """{"q": "only yes", "a": "no"}""")
        .Failed(2, "the answer 'no' is not among the choices that 'q' lists: 'yes'");

    [Fact]
    public void A_prompt_that_is_empty() => Evaluate("kind: generation\nprompt: \"{q}\"\nanswer: a\npattern: \"1\"\n", """{"q": "", "a": "1"}""")
        .Failed(2, "rows.jsonl: line 1: the prompt is empty");

    [Fact]
    public void An_answer_that_is_no_number() => Evaluate("kind: generation\nprompt: \"{q}\"\nanswer: a\npattern: \"1\"\ncompare: number\n", """{"q": "x", "a": "one"}""")
        .Failed(2, "rows.jsonl: line 1: the answer one is no number");

    [Fact]
    public void Files_that_are_not_there_or_of_another_kind()
    {
        string data = _folder.Write("rows.jsonl", """{"q": "x"}""");
        Command.Run("evaluate", "--model", _model, "--task", "bolq", "--data", data).Failed(2, "'bolq', which is no built-in task; did you mean 'boolq'?");
        Command.Run("evaluate", "--model", _model, "--task", _folder["none.yaml"], "--data", data).Failed(2, "there is no such file; give the YAML or JSON file of a task");
        Command.Run("evaluate", "--model", _model, "--task", "boolq", "--data", _folder.Write("rows.csv", "a")).Failed(2, "convert it to .jsonl");
        Command.Run("evaluate", "--model", _model, "--task", "boolq", "--data", _folder.Write("empty.jsonl", "\n")).Failed(2, "the file is empty");
        Command.Run("evaluate", "--model", _model, "--task", "boolq", "--data", _folder["none.jsonl"]).Failed(2, "there is no such file");
        Command.Run("evaluate", "--model", _model, "--task", "boolq").Failed(2, "--data is missing");
    }

    [Fact]
    public void Options_that_do_not_go_together()
    {
        string data = _folder.Write("rows.jsonl", """{"text": "x"}""");
        foreach (string[] option in (string[][])[["--kind", "generation"], ["--predictions", "p.jsonl"], ["--limit", "3"]])
            Command.Run(["evaluate", "--model", _model, "--data", data, .. option]).Failed(2, $"{option[0]} belongs to --task, which is missing");
        Command.Run("evaluate", "--model", _model, "--data", data, "--task", "boolq", "--train-on-prompt").Failed(2, "--train-on-prompt");
    }

    [Fact]
    public void Predictions_that_cannot_be_written()
    {
        string data = _folder.Write("rows.jsonl", """{"q": "x", "a": "yes"}"""), task = _folder.Write("task.yaml", Good);
        Command.Run("evaluate", "--model", _model, "--data", data, "--task", task, "--predictions", _folder["none", "p.jsonl"]).Failed(2, "doesn't exist; create it first");
    }

    private Result Evaluate(string yaml, string row) =>
        Command.Run("evaluate", "--model", _model, "--task", _folder.Write("task.yaml", yaml), "--data", _folder.Write("rows.jsonl", row + "\n"));
}
