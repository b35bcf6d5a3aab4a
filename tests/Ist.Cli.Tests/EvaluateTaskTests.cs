using System.Text.Json;
using Ist.Cli.Evaluating;
using Ist.Cli.Tests.Support;
using Ist.Runtime.Evaluation;

namespace Ist.Cli.Tests;

/// <summary><c>ist evaluate --task</c> on a tiny model, whose answers mean nothing but have to be counted rightly.</summary>
public sealed class EvaluateTaskTests : IDisposable
{
    private const string Choose = """
        kind: multiple_choice
        prompt: "Q: {question}\nA:"
        choices_field: options
        answer: right
        pattern: "[a-z]+"
        max_new_tokens: 5
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _rows;

    public EvaluateTaskTests()
    {
        _model = TinyModel.Create(_folder);
        _rows = _folder.Write("rows.jsonl", string.Concat(Enumerable.Range(0, 11).Select(i =>
            $$"""{"question": "{{new string('q', 1 + i * 3 % 7)}}", "options": ["yes", "no way", "{{(char)('a' + i)}}"], "right": {{i % 3}}}""" + "\n")));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Figures_are_those_of_the_predictions()
    {
        string predictions = _folder["predictions.jsonl"];

        JsonElement figures = Json(Task(Choose, "--predictions", predictions, "--json").Succeeded());

        JsonElement[] rows = [.. File.ReadLines(predictions).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(11, rows.Length);
        Assert.Equal(Enumerable.Range(1, 11), rows.Select(row => row.GetProperty("row").GetInt32()));
        int right = 0, byCharacters = 0;
        foreach ((JsonElement row, int i) in rows.Select((row, i) => (row, i)))
        {
            (string Text, double Sum)[] choices = [.. row.GetProperty("choices").EnumerateArray().Select(c => (c.GetProperty("text").GetString()!, c.GetProperty("log_likelihood").GetDouble()))];
            Assert.Equal(["yes", "no way", ((char)('a' + i)).ToString()], choices.Select(c => c.Text));
            // A token a byte, and the space before the choice.
            Assert.Equal(choices.Select(c => c.Text.Length + 1), row.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("tokens").GetInt32()));
            string best = choices.MaxBy(c => c.Sum).Text;
            Assert.Equal(best, row.GetProperty("predicted").GetString());
            Assert.Equal(choices[i % 3].Text, row.GetProperty("answer").GetString());
            Assert.Equal(best == choices[i % 3].Text, row.GetProperty("right").GetBoolean());
            right += best == choices[i % 3].Text ? 1 : 0;
            byCharacters += choices.MaxBy(c => c.Sum / c.Text.Length) == choices[i % 3] ? 1 : 0;
        }
        double p = right / 11.0;
        Assert.Equal(p, figures.GetProperty("acc").GetDouble(), 1e-12);
        Assert.Equal(Math.Sqrt(p * (1 - p) / 11), figures.GetProperty("acc_stderr").GetDouble(), 1e-12);
        Assert.Equal(byCharacters / 11.0, figures.GetProperty("acc_norm").GetDouble(), 1e-12);
        Assert.Equal(0, figures.GetProperty("truncated_rows").GetInt32());
    }

    [Fact]
    public void Batches_and_threads_change_no_answer()
    {
        (string one, string many) = (_folder["one.jsonl"], _folder["many.jsonl"]);

        Task(Choose, "--predictions", one, "--batch-size", "1", "--threads", "1").Succeeded();
        Task(Choose, "--predictions", many, "--batch-size", "16", "--threads", "2").Succeeded();

        static IEnumerable<double> Sums(string path) => File.ReadLines(path).SelectMany(line => JsonDocument.Parse(line).RootElement.GetProperty("choices").EnumerateArray())
            .Select(choice => choice.GetProperty("log_likelihood").GetDouble());
        // Measured: the same bits.
        Assert.All(Sums(one).Zip(Sums(many)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Generation_takes_its_answer_out_of_the_text()
    {
        string predictions = _folder["predictions.jsonl"];

        JsonElement figures = Json(Task(Choose, "--kind", "generation", "--predictions", predictions, "--json", "--limit", "3").Succeeded());

        Assert.Equal(3, figures.GetProperty("rows").GetInt32());
        Assert.Equal("generation", figures.GetProperty("kind").GetString());
        foreach (string line in File.ReadLines(predictions))
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            string question = row.GetProperty("prompt").GetString()!, output = row.GetProperty("output").GetString()!;
            Assert.Equal(Command.Run("generate", "--model", _model, "--prompt", question, "--max-new-tokens", "5").Succeeded().Output, output + Environment.NewLine);
            Assert.Equal(new AnswerExtraction("test", "[a-z]+").Extract(output), row.GetProperty("predicted").GetString());
        }
    }

    [Fact]
    public void A_generated_text_ends_at_until()
    {
        string all = _folder["all.jsonl"], cut = _folder["cut.jsonl"];
        Task(Choose, "--kind", "generation", "--predictions", all, "--limit", "1").Succeeded();
        string output = Json(File.ReadAllText(all)).GetProperty("output").GetString()!;
        string until = output.EnumerateRunes().ElementAt(2).ToString();

        Task(Choose + $"\nuntil: {JsonSerializer.Serialize(until)}", "--kind", "generation", "--predictions", cut, "--limit", "1").Succeeded();

        Assert.Equal(output[..output.IndexOf(until, StringComparison.Ordinal)], Json(File.ReadAllText(cut)).GetProperty("output").GetString());
    }

    [Fact]
    public void Prompts_that_are_too_long_are_counted()
    {
        Result result = Task(Choose, "--max-length", "14", "--json");

        Assert.Equal(0, result.Code);
        // "Q: q\nA: no way" has 14 bytes, and two rows have a single q.
        Assert.Contains("warning: 9 of 11 rows do not fit into 14 tokens and were cut", result.Error, StringComparison.Ordinal);
        Assert.Equal(9, Json(result).GetProperty("truncated_rows").GetInt32());
    }

    [Fact]
    public void A_table_for_people()
    {
        string[] lines = Task(Choose).Succeeded().Output.ReplaceLineEndings("\n").Split('\n');

        Assert.Equal("task task  multiple_choice  rows 11", lines[0]);
        Assert.Equal("metric        value  std. error", lines[1]);
        Assert.Matches(@"^acc {10}[01]\.\d{4} {6}0\.\d{4}$", lines[2]);
        Assert.Equal(["acc", "acc_norm", "acc_tokens", ""], lines[2..].Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [InlineData("""{"q": "x", "label": 1}""")]
    [InlineData("""{"q": "x", "label": "good"}""")]
    public void A_decoder_answers_a_classification_by_its_choices(string row)
    {
        string data = _folder.Write("labelled.jsonl", row + "\n" + """{"q": "x", "label": 0}""" + "\n");
        string task = _folder.Write("task.yaml", "kind: classification\nprompt: \"{q}\"\nchoices: [bad, good]\nanswer: label\n");

        JsonElement figures = Json(Command.Run("evaluate", "--model", _model, "--task", task, "--data", data, "--json").Succeeded());

        // Both rows get the same answer, which is right for one: no correlation.
        Assert.Equal(.5, figures.GetProperty("acc").GetDouble());
        Assert.Equal(0, figures.GetProperty("matthews").GetDouble());
        Assert.Equal(1 / 3.0, figures.GetProperty("macro_f1").GetDouble(), 1e-12);
        Assert.Contains(figures.GetProperty("f1").GetDouble(), new[] { 0, 2 / 3.0 });
    }

    [Fact]
    public void A_row_offers_what_it_lists()
    {
        string data = _folder.Write("arc.json", """
            [{"instruction": "Answer1: a Answer2: b Answer3: c\n\nAnswer format: answer1/answer2/answer3", "answer": "answer3"},
             {"instruction": "Answer1: a Answer2: b\n\nAnswer format: answer1/answer2", "answer": "answer1"}]
            """), predictions = _folder["predictions.jsonl"];

        Assert.Equal(0, Command.Run("evaluate", "--model", _model, "--task", "ARC-Easy", "--data", data, "--predictions", predictions).Code);

        Assert.Equal([3, 2], File.ReadLines(predictions).Select(line => Json(line).GetProperty("choices").GetArrayLength()));
    }

    [Theory]
    [InlineData("A", "red")]
    [InlineData("B", "green")]
    [InlineData("1", "green")]
    public void Labels_name_the_choices(string answer, string choice)
    {
        string data = _folder.Write("letters.jsonl", $$"""{"q": "x", "a": "{{answer}}"}"""), predictions = _folder["predictions.jsonl"];
        string task = _folder.Write("task.yaml", "kind: multiple_choice\nprompt: \"{q}\"\nchoices: [red, green]\nlabels: [A, B]\nanswer: a\n");

        Command.Run("evaluate", "--model", _model, "--task", task, "--data", data, "--predictions", predictions).Succeeded();

        Assert.Equal(choice, Json(File.ReadAllText(predictions)).GetProperty("answer").GetString());
    }

    [Fact]
    public void Every_built_in_task_has_what_its_kinds_need()
    {
        Assert.Equal(22, BuiltInTasks.Names.Count);
        foreach (string name in BuiltInTasks.Names)
        {
            TaskDefinition task = TaskFile.Load(name);
            task.Check(byClassifier: false);
            if (task.Kind == TaskKind.Classification)
                task.Check(byClassifier: true);
            if (task.Kind == TaskKind.MultipleChoice)
                (task with { Kind = TaskKind.Generation }).Check(byClassifier: false);
        }
    }

    [Fact]
    public void LLM_Adapters_prompt_letter_for_letter()
    {
        // The indentation of the f-string's lines is part of the prompt, and so is the space before the first line end.
        string indent = new(' ', 16);
        var row = new TaskRow(JsonDocument.Parse("""{"instruction": "Is it so?"}""").RootElement, 1, "row");
        string expected = "Below is an instruction that describes a task. Write a response that appropriately completes the request. \n\n"
            + $"{indent}### Instruction:\n{indent}Is it so?\n{indent}\n{indent}### Response:\n{indent}";

        Assert.All(["boolq", "piqa", "social_i_qa", "winogrande", "ARC-Challenge", "ARC-Easy", "openbookqa", "hellaswag", "gsm8k", "AQuA", "mawps"],
            name => Assert.Equal(expected, TaskFile.Load(name).Prompt!.Fill(row)));
    }

    private Result Task(string yaml, params string[] more) =>
        Command.Run(["evaluate", "--model", _model, "--task", _folder.Write("task.yaml", yaml), "--data", _rows, .. more]);

    private static JsonElement Json(Result result) => Json(result.Output);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
