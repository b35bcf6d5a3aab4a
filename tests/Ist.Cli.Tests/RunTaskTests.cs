using System.Globalization;
using System.Text.Json;
using Ist.Cli.Tests.Support;

namespace Ist.Cli.Tests;

/// <summary>Tasks that the results of <c>ist finetune</c> and <c>ist compare</c> answer.</summary>
public sealed class RunTaskTests : IDisposable
{
    private const string Task = """
        kind: multiple_choice
        prompt: "{prompt}"
        choices: [aaa, hhh, ooo]
        answer: letter
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _data;
    private readonly string _task;
    private readonly string _rows;

    public RunTaskTests()
    {
        _model = TinyModel.Create(_folder);
        _data = _folder.Write("rows.jsonl", TinyModel.Rows(60));
        _task = _folder.Write("letters.yaml", Task);
        _rows = _folder.Write("letters.jsonl", string.Concat(Enumerable.Range(0, 12).Select(i =>
            $$"""{"prompt": "{{"aho"[i % 3]}}{{i % 10}} =>", "letter": {{i % 3}}}""" + "\n")));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lora")]
    [InlineData("full")]
    public void A_result_answers_as_evaluate_lets_it_answer(string method)
    {
        string output = Command.Run("finetune", "--model", _model, "--data", _data, "--method", method, "--steps", "12", "--lr", "1e-2", "--output", _folder["run"],
            "--task", _task, "--task-data", _rows).Succeeded().Output;

        JsonElement figures = Json(_folder["run", "task-letters.json"]);
        string[] model = method == "full" ? ["--model", _folder["run"]] : ["--model", _model, "--adapter", _folder["run"]];
        JsonElement expected = JsonDocument.Parse(Command.Run(["evaluate", .. model, "--task", _task, "--data", _rows, "--json"]).Succeeded().Output).RootElement;
        Assert.All(expected.EnumerateObject(), figure => Assert.Equal(figure.Value.GetRawText(), figures.GetProperty(figure.Name).GetRawText()));
        Assert.Equal("acc", figures.GetProperty("metric").GetString());
        Assert.Contains(FormattableString.Invariant($"letters: acc {figures.GetProperty("acc").GetDouble():F4} ± "), output, StringComparison.Ordinal);
        JsonElement config = Json(_folder["run", "run.json"]).GetProperty("config");
        Assert.Equal(_task, config.GetProperty("task")[0].GetString());
        Assert.Equal(_rows, config.GetProperty("task_data")[0].GetString());
    }

    [Fact]
    public void A_comparison_has_the_tasks_figures_and_grows_by_them()
    {
        Command.Run("compare", Settings("")).Succeeded();
        string output = Command.Run("compare", Settings($"task: {_task}\ntask_data: {_rows}\n"), "--resume").Succeeded().Output;

        double[] all = [Accuracy("all-lora-5"), Accuracy("all-lora-6"), Accuracy("all-lora-7")], random = [Accuracy("random-lora-5"), Accuracy("random-lora-6"), Accuracy("random-lora-7")];
        Assert.True(all.Concat(random).Distinct().Count() > 1, "all runs answer alike, so the figures tell nothing");
        string[][] rows = [.. File.ReadLines(_folder["cmp", "comparison.csv"]).Select(line => line.Split(','))];
        Assert.Equal(["letters_mean", "letters_sd", "letters_difference", "letters_difference_low", "letters_difference_high"], rows[0][19..]);
        Assert.Equal(all.Average(), Number(rows[1][19]), 1e-12);
        Assert.Equal(["", "", ""], rows[1][21..]);
        Assert.Equal(random.Average(), Number(rows[2][19]), 1e-12);
        double[] differences = [.. random.Zip(all, (one, other) => one - other)];
        // Of three numbers, one in 27 resamples is three times the least, more than the interval leaves out: it is their range.
        double[] expected = [Math.Sqrt(random.Sum(v => Math.Pow(v - random.Average(), 2)) / 2), differences.Average(), differences.Min(), differences.Max()];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], Number(rows[2][20 + i]), 1e-12);
        Assert.Contains("letters: acc | difference |", output, StringComparison.Ordinal);

        // Answers to other rows are not taken for these.
        DateTime before = File.GetLastWriteTimeUtc(_folder["cmp", "all-lora-5", "task-letters.json"]);
        string again = Command.Run("compare", Settings($"task: {_task}\ntask_data: {_rows}\n"), "--resume").Succeeded().Output;
        Assert.Equal(before, File.GetLastWriteTimeUtc(_folder["cmp", "all-lora-5", "task-letters.json"]));
        Assert.DoesNotContain("letters: acc 0", again, StringComparison.Ordinal);
        File.AppendAllText(_rows, """{"prompt": "o1 =>", "letter": 2}""" + "\n");
        Command.Run("compare", Settings($"task: {_task}\ntask_data: {_rows}\n"), "--resume").Succeeded();
        Assert.Equal(13, Json(_folder["cmp", "all-lora-5", "task-letters.json"]).GetProperty("rows").GetInt32());
    }

    [Theory]
    [InlineData("task: boolq\n", "--task names 1 tasks and --task-data 0 files")]
    [InlineData("task: bolq\ntask_data: ROWS\n", "--task is 'bolq', which is no built-in task; did you mean 'boolq'?")]
    [InlineData("task: [boolq, boolq]\ntask_data: [ROWS, ROWS]\n", "--task names boolq twice")]
    public void What_is_wrong_is_named_before_anything_runs(string lines, string expected)
    {
        Command.Run("compare", Settings(lines.Replace("ROWS", _rows, StringComparison.Ordinal))).Failed(2, expected);

        Assert.False(Directory.Exists(_folder["cmp"]));
    }

    private string Settings(string more) => _folder.Write("cmp.yaml",
        $"model: {_model}\ndata: {_data}\neval_fraction: 0.2\nlr: 1e-2\nbatch_size: 8\nsteps: 10\nactive_layers: 1\npolicies: [all, random]\nseeds: [5, 6, 7]\noutput: {_folder["cmp"]}\n{more}");

    private double Accuracy(string run) => Json(_folder["cmp", run, "task-letters.json"]).GetProperty("acc").GetDouble();

    private static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
