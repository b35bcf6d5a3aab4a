using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ist.Cli.Tests.Support;

namespace Ist.Cli.Tests;

/// <summary>Comparisons by <c>ist compare</c> on a tiny model.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _data;

    public CompareTests()
    {
        _model = TinyModel.Create(_folder);
        // Rows of different lengths, so that the tokens of a step tell which it read.
        _data = _folder.Write("rows.jsonl", string.Concat(Enumerable.Range(0, 60).Select(i =>
            $$"""{"prompt": "{{(char)('a' + i % 23)}}{{new string('x', i * i % 17)}} =>", "completion": " {{(char)('a' + i % 23)}}"}""" + "\n")));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_table_has_means_deviations_and_paired_differences_of_the_runs()
    {
        string file = Settings("cmp", "policies: [all, ist]\nseeds: [5, 6, 7]\nsteps: 12\nactive_layers: 2\n");
        string output = Command.Run("compare", file).Succeeded().Output;

        double[] all = [.. new[] { 5, 6, 7 }.Select(seed => Loss("cmp", $"all-lora-{seed}"))], ist = [.. new[] { 5, 6, 7 }.Select(seed => Loss("cmp", $"ist-lora-{seed}"))];
        Assert.Equal(6, all.Concat(ist).Distinct().Count());
        string[][] rows = Csv("cmp");
        Assert.Equal(["all", "lora", "3"], rows[1][..3]);
        Assert.Equal(["ist", "lora", "3"], rows[2][..3]);
        AssertSample(all, rows[1][3], rows[1][4]);
        AssertSample(ist, rows[2][3], rows[2][4]);
        Assert.Equal(["", "", ""], rows[1][5..8]);
        double[] differences = [.. ist.Zip(all, (one, other) => one - other)];
        // Of three numbers, one in 27 resamples is three times the least, more than the interval leaves out: it is their range.
        double[] expected = [differences.Average(), differences.Min(), differences.Max()];
        for (int i = 0; i < 3; i++)
            Assert.Equal(expected[i], Number(rows[2][5 + i]), 1e-12);
        // No classifier: no accuracies.
        Assert.All(rows[1][8..13].Concat(rows[2][8..13]), Assert.Empty);
        Assert.Equal(JsonDocument.Parse(File.ReadAllText(_folder["cmp", "ist-lora-5", "run.json"])).RootElement.GetProperty("planned_bytes").EnumerateObject().Sum(p => p.Value.GetDouble()), Number(rows[2][14]));

        string markdown = File.ReadAllText(_folder["cmp", "comparison.md"]);
        Assert.Contains(markdown.TrimEnd(), output, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"| all | lora | 3 | {all.Average():0.0000} ± "), markdown, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"| {differences.Average():+0.0000;-0.0000} [{differences.Min():+0.0000;-0.0000}, {differences.Max():+0.0000;-0.0000}] |"), markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void All_runs_read_the_same_data_in_the_same_order()
    {
        Command.Run("compare", Settings("cmp", "policies: [all, random]\nmethods: [lora, ia3]\nseeds: [5, 6]\nseed: 9\nsteps: 6\nrank: 4\nactive_layers: 1\n")).Succeeded();
        Command.Run("compare", Settings("other", "seeds: [5]\nseed: 10\nsteps: 6\n")).Succeeded();

        string[] runs = [.. Directory.GetDirectories(_folder["cmp"]).Select(path => Path.GetFileName(path)!)];
        Assert.Equal(8, runs.Length);
        long[] first = Tokens("cmp", runs[0]);
        Assert.True(first.Distinct().Count() > 1);
        Assert.All(runs, run => Assert.Equal(first, Tokens("cmp", run)));
        Assert.NotEqual(first, Tokens("other", "all-lora-5"));
    }

    [Fact]
    public void Killed_and_resumed_it_gives_the_same_table()
    {
        string settings = "policies: [all, ist]\nseeds: [5, 6]\nsteps: 60\nsave_every: 10\n";
        Command.Run("compare", Settings("whole", settings)).Succeeded();

        string file = Settings("cut", settings);
        using (Process process = Command.Start("compare", file))
        {
            var limit = Stopwatch.StartNew();
            while (!Directory.Exists(_folder["cut", "all-lora-6", "checkpoint-20"]))
            {
                Assert.True(limit.Elapsed < TimeSpan.FromMinutes(1) && !process.HasExited, "the second run never came to step 20");
                Thread.Sleep(5);
            }
            process.Kill();
            process.WaitForExit();
        }
        Assert.False(File.Exists(_folder["cut", "comparison.csv"]));
        DateTime done = File.GetLastWriteTimeUtc(_folder["cut", "all-lora-5", "run.json"]);
        Command.Run("compare", file).Failed(2, _folder["cut"], "holds a comparison already; add --resume");

        string output = Command.Run("compare", file, "--resume").Succeeded().Output;

        Assert.Contains("run 1 of 4: all-lora-5 is done already", output, StringComparison.Ordinal);
        Assert.Contains("goes on after step", output, StringComparison.Ordinal);
        Assert.Equal(done, File.GetLastWriteTimeUtc(_folder["cut", "all-lora-5", "run.json"]));
        Assert.Equal(WithoutSpeed(Csv("whole")), WithoutSpeed(Csv("cut")));
        foreach (string run in (string[])["all-lora-5", "all-lora-6", "ist-lora-5", "ist-lora-6"])
            Assert.Equal(File.ReadAllBytes(_folder["whole", run, "adapter_model.safetensors"]), File.ReadAllBytes(_folder["cut", run, "adapter_model.safetensors"]));
    }

    [Fact]
    public void A_comparison_grows_by_what_is_new_in_it()
    {
        Command.Run("compare", Settings("cmp", "seeds: [5]\nsteps: 4\n")).Succeeded();
        string output = Command.Run("compare", Settings("cmp", "policies: [all, random]\nseeds: [5, 6]\nsteps: 4\n"), "--resume").Succeeded().Output;

        Assert.Contains("all-lora-5 is done already", output, StringComparison.Ordinal);
        Assert.Equal(["2", "2"], Csv("cmp")[1..3].Select(row => row[2]));
        Command.Run("compare", Settings("cmp", "seeds: [5]\nsteps: 5\n"), "--resume").Failed(2, "holds a comparison with steps \"4\", this one has steps \"5\"");
    }

    [Fact]
    public void The_page_shows_the_table_in_a_browser_without_a_complaint()
    {
        Command.Run("compare", Settings("cmp", "policies: [all, random]\nseeds: [5, 6]\nsteps: 4\n")).Succeeded();
        File.Delete(_folder["cmp", "report.html"]);
        Command.Run("report", _folder["cmp"]).Succeeded();

        (string document, string[] console) = Browser.Open(_folder["cmp", "report.html"]);

        Assert.Empty(console);
        var page = new ReportPage(document);
        Assert.Equal(["Comparison", "Differences of the held-out loss", "Held-out loss over steps", "Runs"], page.Headings);
        Assert.Equal(["differences", "held-out"], page.Charts);
        Assert.Equal(
            [Loss("cmp", "random-lora-5"), Loss("cmp", "random-lora-6")],
            page.Data.GetProperty("groups")[1].GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble()));
    }

    [Theory]
    [InlineData("policies: [all, some]", "--sparse is 'some'")]
    [InlineData("policies: [all, all]", "line 5: 'policies' names one twice")]
    [InlineData("seeds: [1, 1]", "line 5: 'seeds' is [1, 1]")]
    [InlineData("polices: [all]", "line 5: 'polices' is no setting of a run; did you mean 'policies'?")]
    [InlineData("eval_fraction: null", "nothing is held out to compare by; give eval_data or eval_fraction")]
    public void What_is_wrong_is_named_before_anything_runs(string line, string expected)
    {
        string file = _folder.Write("bad.yaml", $"model: {_model}\ndata: {_data}\nsteps: 2\noutput: {_folder["bad"]}\n{line}\n" + (line.Contains("null", StringComparison.Ordinal) ? "" : "eval_fraction: 0.2\n"));

        Command.Run("compare", file).Failed(2, expected);

        Assert.False(Directory.Exists(_folder["bad"]));
    }

    private string Settings(string output, string settings) =>
        _folder.Write(output + ".yaml", $"model: {_model}\ndata: {_data}\neval_fraction: 0.2\nlr: 1e-2\nbatch_size: 8\noutput: {_folder[output]}\n{settings}");

    private double Loss(string output, string run) =>
        JsonDocument.Parse(File.ReadAllText(_folder[output, run, "run.json"])).RootElement.GetProperty("eval_loss_after").GetDouble();

    private long[] Tokens(string output, string run) =>
        [.. File.ReadLines(_folder[output, run, "metrics.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => row.TryGetProperty("tokens", out _)).Select(row => row.GetProperty("tokens").GetInt64())];

    private string[][] Csv(string output) => [.. File.ReadLines(_folder[output, "comparison.csv"]).Select(line => line.Split(','))];

    private static IEnumerable<string> WithoutSpeed(string[][] rows) => rows.Select(row => string.Join(',', row[..13].Concat(row[14..])));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static void AssertSample(double[] values, string mean, string deviation)
    {
        Assert.Equal(values.Sum() / 3, Number(mean), 1e-12);
        Assert.Equal(Math.Sqrt(values.Sum(v => Math.Pow(v - values.Sum() / 3, 2)) / 2), Number(deviation), 1e-12);
    }
}
