using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ist.Cli.Tests.Support;

namespace Ist.Cli.Tests;

/// <summary>Comparisons of equal time by <c>ist compare</c>.</summary>
public sealed class EqualTimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _data;

    public EqualTimeTests()
    {
        _model = TinyModel.Create(_folder);
        _data = _folder.Write("rows.jsonl", TinyModel.Rows(60));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_takes_the_steps_that_fit_into_the_time_of_the_baseline()
    {
        string output = Command.Run("compare", Settings("cmp", "policies: [all, ist, lisa]\nseeds: [5, 6]\nsteps: 12\nequal: [steps, time]\n")).Succeeded().Output;

        JsonElement[] times = [.. Comparison("cmp").GetProperty("step_times").EnumerateArray()];
        Assert.Equal(["all", "ist", "lisa"], times.Select(time => time.GetProperty("policy").GetString()!));
        double[][] turns = [.. times.Select(time => time.GetProperty("turns").EnumerateArray().Select(turn => turn.GetDouble()).ToArray())];
        Assert.All(turns, turn => Assert.Equal(6, turn.Length));
        for (int i = 0; i < times.Length; i++)
        {
            Assert.Equal("processor", times[i].GetProperty("clock").GetString());
            Assert.Equal(Median(turns[i]), times[i].GetProperty("milliseconds").GetDouble(), 1e-12);
            Assert.Equal(Median(turns[i].Zip(turns[0], (own, baseline) => own / baseline)), times[i].GetProperty("ratio").GetDouble(), 1e-12);
        }
        foreach ((string run, int policy) in (IEnumerable<(string, int)>)[("all-lora-5", 0), ("ist-lora-5", 1), ("lisa-lora-6", 2)])
        {
            int steps = (int)Math.Floor(12 / times[policy].GetProperty("ratio").GetDouble());
            Assert.Equal(12, Steps("cmp", run));
            // Runs of as many steps, and so the baseline's, are those of both tables.
            Assert.Equal(steps != 12, Directory.Exists(_folder["cmp", run + "-time"]));
            if (steps != 12)
                Assert.Equal(steps, Steps("cmp", run + "-time"));
        }
        Assert.Equal(["steps", "steps", "steps", "time", "time", "time"], Csv("cmp")[1..].Select(row => row[15]));
        Assert.Equal(["all", "ist", "lisa", "all", "ist", "lisa"], Csv("cmp")[1..].Select(row => row[0]));
        Assert.Contains("**Equal steps**", output, StringComparison.Ordinal);
        Assert.Contains("**Equal time**", output, StringComparison.Ordinal);
        foreach (string image in (string[])["comparison-losses.png", "comparison-differences.png"])
            Assert.Equal("PNG"u8.ToArray(), File.ReadAllBytes(_folder["cmp", image])[1..4]);
    }

    [Fact]
    public void What_a_run_learns_hangs_on_its_seed_and_its_steps_alone()
    {
        Measured("cmp", "policies: [all, random]\nseeds: [5, 6]\nsteps: 12\n", ratio: 0.7);
        Command.Run("compare", Settings("cmp", "policies: [all, random]\nseeds: [5, 6]\nsteps: 12\nequal: [steps, time]\n"), "--resume").Succeeded();
        Command.Run("finetune", Run("alone", "sparse: random\nactive_layers: 1\nsteps: 17\nseed: 6\ndata_seed: 42\n")).Succeeded();

        Assert.Equal(17, Steps("cmp", "random-lora-6-time"));
        Assert.Equal(File.ReadAllBytes(_folder["alone", "adapter_model.safetensors"]), File.ReadAllBytes(_folder["cmp", "random-lora-6-time", "adapter_model.safetensors"]));
        // The schedule is stretched: half of the learning rate is left after half of the steps.
        double[] rates = [.. File.ReadLines(_folder["cmp", "random-lora-6-time", "metrics.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => row.TryGetProperty("learning_rate", out _)).Select(row => row.GetProperty("learning_rate").GetDouble())];
        Assert.Equal(Enumerable.Range(0, 17).Select(step => (float)(1e-2 * (17 - step) / 17)), rates.Select(rate => (float)rate));
    }

    [Fact]
    public void Killed_and_resumed_it_gives_the_same_tables()
    {
        string settings = "policies: [all, ist]\nseeds: [5, 6]\nsteps: 60\nsave_every: 10\nequal: [steps, time]\n";
        foreach (string name in (string[])["whole", "cut"])
            Measured(name, settings, ratio: 0.5);
        Command.Run("compare", Settings("whole", settings), "--resume").Succeeded();
        string file = Settings("cut", settings);
        using (Process process = Command.Start("compare", file, "--resume"))
        {
            var limit = Stopwatch.StartNew();
            while (!Directory.Exists(_folder["cut", "ist-lora-5-time", "checkpoint-20"]))
            {
                Assert.True(limit.Elapsed < TimeSpan.FromMinutes(2) && !process.HasExited, "the run of equal time never came to step 20");
                Thread.Sleep(5);
            }
            process.Kill();
            process.WaitForExit();
        }

        string output = Command.Run("compare", file, "--resume").Succeeded().Output;

        Assert.DoesNotContain("measures how long steps take", output, StringComparison.Ordinal);
        Assert.Contains("goes on after step", output, StringComparison.Ordinal);
        Assert.Equal(WithoutSpeed("whole"), WithoutSpeed("cut"));
        Assert.Equal("120", Csv("cut")[4][16]);
    }

    [Fact]
    public void What_is_new_is_measured_and_the_rest_is_not_measured_again()
    {
        Measured("cmp", "policies: [all, random]\nseeds: [5]\nsteps: 4\n", ratio: 0.7);

        string output = Command.Run("compare", Settings("cmp", "policies: [all, random, lisa]\nseeds: [5]\nsteps: 4\nequal: time\n"), "--resume").Succeeded().Output;

        JsonElement[] times = [.. Comparison("cmp").GetProperty("step_times").EnumerateArray()];
        Assert.Equal(["all", "random", "lisa"], times.Select(time => time.GetProperty("policy").GetString()!));
        Assert.Equal([1, 0.7], times[..2].Select(time => time.GetProperty("ratio").GetDouble()));
        Assert.Contains("measures how long steps take", output, StringComparison.Ordinal);
        Assert.Equal(["time", "time", "time"], Csv("cmp")[1..].Select(row => row[15]));
    }

    [Theory]
    [InlineData("equal: [steps, speed]\n", "'equal' is [steps, speed]; expected some of steps, time, each once")]
    [InlineData("equal: [time, time]\n", "'equal' is [time, time]; expected some of steps, time, each once")]
    [InlineData("equal: time\npolicies: [all, ist]\nsparse_warmup_steps: 2\n", "equal is time, but with sparse_warmup_steps a run's first steps take longer")]
    public void What_is_wrong_is_named_before_anything_runs(string lines, string expected)
    {
        Command.Run("compare", Settings("bad", "steps: 4\n" + lines)).Failed(2, expected);

        Assert.False(Directory.Exists(_folder["bad"]));
    }

    // A comparison that has done nothing yet but has times, as if they had been measured: of all but the first policy the same.
    private void Measured(string name, string settings, double ratio)
    {
        string[] policies = settings.Split('[', ']')[1].Split(", ");
        Command.Run("compare", Settings(name, settings.Replace("equal: [steps, time]\n", "", StringComparison.Ordinal).Replace("steps: 60", "steps: 1", StringComparison.Ordinal))).Succeeded();
        foreach (string run in Directory.GetDirectories(_folder[name]))
            Directory.Delete(run, recursive: true);
        string path = _folder[name, "comparison.json"];
        JsonNode comparison = JsonNode.Parse(File.ReadAllText(path))!;
        comparison["common"]!["steps"] = settings.Contains("steps: 60", StringComparison.Ordinal) ? "60" : comparison["common"]!["steps"]!.GetValue<string>();
        comparison["step_times"] = new JsonArray([.. policies.Select((policy, i) => new JsonObject
        {
            ["policy"] = policy,
            ["method"] = "lora",
            ["clock"] = "processor",
            ["milliseconds"] = i == 0 ? 10 : 10 * ratio,
            ["ratio"] = i == 0 ? 1 : ratio,
            ["turns"] = new JsonArray(),
        })]);
        File.WriteAllText(path, comparison.ToJsonString());
    }

    private string Settings(string output, string settings) => Run(output, "active_layers: 1\n" + settings);

    private string Run(string output, string settings) =>
        _folder.Write(output + ".yaml", $"model: {_model}\ndata: {_data}\neval_fraction: 0.2\nlr: 1e-2\nbatch_size: 8\nthreads: 1\noutput: {_folder[output]}\n{settings}");

    private JsonElement Comparison(string output) => JsonDocument.Parse(File.ReadAllText(_folder[output, "comparison.json"])).RootElement;

    private int Steps(string output, string run) => JsonDocument.Parse(File.ReadAllText(_folder[output, run, "run.json"])).RootElement.GetProperty("steps_done").GetInt32();

    private string[][] Csv(string output) => [.. File.ReadLines(_folder[output, "comparison.csv"]).Select(line => line.Split(','))];

    private IEnumerable<string> WithoutSpeed(string output) => Csv(output).Select(row => string.Join(',', row[..13].Concat(row[14..])));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[2] + sorted[3]) / 2;
    }
}
