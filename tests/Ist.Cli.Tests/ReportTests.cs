using System.Text.Json;
using System.Text.Json.Nodes;
using Ist.Cli.Tests.Support;

namespace Ist.Cli.Tests;

/// <summary>The pages of <c>ist report</c> about runs of a tiny model.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _data;

    public ReportTests()
    {
        _model = TinyModel.Create(_folder);
        _data = _folder.Write("rows.jsonl", TinyModel.Rows(60));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_cells_of_the_heatmap_are_the_state_of_the_run()
    {
        Finetune("run", "--steps", "35", "--sparse", "ist", "--eval-data", _data, "--eval-every", "10", "--lr", "1e-2");

        RequireState(Report("run"), "run");
    }

    [Fact]
    public void A_browser_shows_the_page_without_a_complaint()
    {
        Finetune("run <&> 1", "--steps", "35", "--sparse", "ist", "--eval-data", _data, "--sample-prompt", "</script>{{data}}");
        Report("run <&> 1");

        (string document, string[] console) = Browser.Open(_folder["run <&> 1", "report.html"]);

        Assert.Empty(console);
        RequireState(new ReportPage(document), "run <&> 1");
        Assert.Contains("&lt;/script&gt;{{data}}", document.Replace("\\u003C", "&lt;", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<h1>run &lt;&amp;&gt; 1</h1>", document, StringComparison.Ordinal);
    }

    [Fact]
    public void The_browser_s_complaints_are_seen()
    {
        string page = _folder.Write("bad.html", "<script>console.error('wrong')</script><img src='missing.png'>");

        (_, string[] console) = Browser.Open(page);

        Assert.Contains(console, line => line.Contains("wrong", StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_needs_nothing_beside_it()
    {
        Finetune("run", "--steps", "12", "--sparse", "ist");
        Report("run");

        string html = File.ReadAllText(_folder["run", "report.html"]);
        Assert.DoesNotMatch("""(src|href)="(?!data:)""", html);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_the_main_plots_stand_beside_the_page()
    {
        Finetune("run", "--steps", "12", "--sparse", "ist", "--eval-data", _data);
        Finetune("all", "--steps", "1");
        string output = Command.Run("report", _folder["run"]).Succeeded().Output;
        Command.Run("report", _folder["all"], "--output", _folder["all.html"]).Succeeded();

        foreach (string name in (string[])["report-loss.png", "report-importance.png"])
        {
            Assert.Contains(name, output, StringComparison.Ordinal);
            byte[] image = File.ReadAllBytes(_folder["run", name]);
            Assert.Equal([0x89, .. "PNG"u8, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0x04, 0xb0, 0, 0, 0x02, 0x80], image[..24]);
            Assert.True(image.Length > 8000, $"{name} has {image.Length} bytes, too few for a plot");
        }
        Assert.Equal(["all-loss.png", "all.html"], Directory.GetFiles(_folder.Path, "all*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_suggested_ranks_follow_from_the_ranking()
    {
        Finetune("run", "--steps", "60", "--sparse", "ist", "--rank", "40", "--alpha", "20", "--lr", "2e-2");
        JsonElement data = Report("run").Data;

        double[] importance = Numbers(State("run").GetProperty("importance"));
        double[] weights = [.. importance.Select(i => 1 / (1 + Math.Exp(i)))];
        int[] ranks = [.. weights.Select(w => (int)Math.Round(40 * w / weights.Average(), MidpointRounding.AwayFromZero))];
        Assert.True(ranks.Distinct().Count() > 1, $"three layers alike: {string.Join(", ", importance)}");
        Assert.Equal(Enumerable.Range(0, 3).OrderByDescending(l => weights[l]), data.GetProperty("ranking").EnumerateArray().Select(l => l.GetInt32()));
        JsonElement suggested = data.GetProperty("suggestion").GetProperty("by_rank");
        Assert.Equal(
            Enumerable.Range(0, 3).Where(l => ranks[l] != 40).Select(l => ($@"layers\.{l}\..*", ranks[l], ranks[l] / 2.0)),
            suggested.GetProperty("rank_pattern").EnumerateObject().Select(p => (p.Name, p.Value.GetInt32(), suggested.GetProperty("alpha_pattern").GetProperty(p.Name).GetDouble())));
        // peft's expressions choose those layers: q_proj and v_proj [48, 48] have A [r, 48] and B [48, r].
        JsonNode adapter = JsonNode.Parse(File.ReadAllText(_folder["run", "adapter_config.json"]))!;
        adapter["rank_pattern"] = JsonNode.Parse(suggested.GetProperty("rank_pattern").GetRawText());
        File.WriteAllText(_folder["run", "adapter_config.json"], adapter.ToJsonString());
        string plan = Command.Run("plan", "--model", _model, "--adapter", _folder["run"], "--json").Succeeded().Output;
        Assert.Equal(ranks.Sum() * 2 * (48 + 48), JsonDocument.Parse(plan).RootElement.GetProperty("trainable_parameters").GetInt32());
        JsonElement half = data.GetProperty("suggestion").GetProperty("by_layers");
        Assert.Equal("layers", half.GetProperty("layers_pattern").GetString());
        Assert.Equal(Enumerable.Range(0, 3).OrderByDescending(l => weights[l]).Take(2).Order(), half.GetProperty("layers_to_transform").EnumerateArray().Select(l => l.GetInt32()));
    }

    [Fact]
    public void A_run_of_one_step_and_all_layers_has_no_section_of_layers()
    {
        Finetune("run", "--steps", "1");
        ReportPage page = Report("run");

        Assert.Equal(["Loss", "Learning rate and gradient", "Memory", "Configuration"], page.Headings);
        Assert.Equal(["loss", "learning-rate", "gradient-norm"], page.Charts);
        Assert.Equal(1, page.Data.GetProperty("steps").GetProperty("loss").GetArrayLength());
        Assert.DoesNotContain("NaN", File.ReadAllText(_folder["run", "report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_layers_have_counts_and_no_importance()
    {
        Finetune("run", "--steps", "9", "--sparse", "random", "--active-layers", "2");
        ReportPage page = Report("run");

        Assert.DoesNotContain("Importance of the layers", page.Headings);
        Assert.Equal(Numbers(State("run").GetProperty("counts")), page.Counts.Select(c => (double)c));
        Assert.Equal(18, page.Cells("trained").Sum(c => c.Value));
    }

    [Fact]
    public void A_killed_run_is_told_as_far_as_it_came()
    {
        Finetune("run", "--steps", "25", "--sparse", "ist", "--save-every", "10");
        File.Delete(_folder["run", "ist_state.json"]);
        Directory.Delete(_folder["run", "checkpoint-25"], recursive: true);
        File.AppendAllText(_folder["run", "metrics.jsonl"], """{"step":26,"lo""");
        ReportPage page = Report("run");

        JsonElement state = JsonDocument.Parse(File.ReadAllText(_folder["run", "checkpoint-20", "ist_state.json"])).RootElement;
        Assert.Equal(Numbers(state.GetProperty("counts")), page.Counts.Select(c => (double)c));
        Assert.Equal(25, page.Data.GetProperty("steps").GetProperty("step").GetArrayLength());
    }

    [Fact]
    public void A_run_that_told_of_no_probes_shows_the_state_that_it_left()
    {
        Finetune("run", "--steps", "12", "--sparse", "ist");
        File.WriteAllLines(_folder["run", "metrics.jsonl"], File.ReadAllLines(_folder["run", "metrics.jsonl"]).Where(line => !line.Contains("probe", StringComparison.Ordinal)));

        Assert.Equal(Numbers(State("run").GetProperty("importance")), Report("run").Cells("importance").Select(c => c.Value));
    }

    [Fact]
    public void A_folder_without_a_run_and_a_damaged_file_are_named()
    {
        Command.Run("report").Failed(2, "the folder of a run is missing");
        Command.Run("report", _folder.Path).Failed(2, _folder.Path, "has no run.json");
        Finetune("run", "--steps", "2");
        File.AppendAllText(_folder["run", "metrics.jsonl"], "{\n");
        Command.Run("report", _folder["run"]).Failed(2, "metrics.jsonl: line 3");
        Assert.False(File.Exists(_folder["run", "report.html"]));
    }

    [Fact]
    public void TensorBoard_s_files_are_written_when_asked_for_and_again_by_a_resumed_run()
    {
        Finetune("run", "--steps", "12", "--sparse", "ist", "--log", "tensorboard", "--save-every", "5");
        Assert.Single(Directory.GetFiles(_folder["run", "runs"], "events.out.tfevents.*"));
        Finetune("run", "--steps", "12", "--sparse", "ist", "--log", "tensorboard", "--save-every", "5", "--resume");
        Assert.Equal(2, Directory.GetFiles(_folder["run", "runs"]).Length);
        Finetune("plain", "--steps", "2");
        Assert.False(Directory.Exists(_folder["plain", "runs"]));
    }

    private void RequireState(ReportPage page, string run)
    {
        var cells = page.Cells("importance");
        JsonElement[] probes = [.. File.ReadLines(_folder[run, "metrics.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement).Where(row => row.TryGetProperty("probe", out _))];
        Assert.Equal([11, 21, 31], probes.Select(p => p.GetProperty("step").GetInt32()));
        Assert.Equal(probes.SelectMany(p => Numbers(p.GetProperty("probe").GetProperty("importance"))), cells.Select(c => c.Value));
        double[] last = [.. cells.Where(c => c.Step == 31).OrderBy(c => c.Layer).Select(c => c.Value)];
        Assert.Equal(Numbers(State(run).GetProperty("importance")), last);
        // The layer of the least I is the lightest, that of the greatest the darkest, and the input's layer is at the bottom.
        Assert.Equal("#fee838", cells.MinBy(c => c.Value).Fill);
        Assert.Equal("#00224e", cells.MaxBy(c => c.Value).Fill);
        Assert.True(cells.Where(c => c.Layer == 0).Min(c => c.Y) > cells.Where(c => c.Layer == 1).Max(c => c.Y));
        Assert.True(cells.Where(c => c.Step == 11).Max(c => c.X) < cells.Where(c => c.Step == 21).Min(c => c.X));
        Assert.Equal(Numbers(State(run).GetProperty("counts")), page.Counts.Select(c => (double)c));
        Assert.Equal(last, Numbers(page.Data.GetProperty("importance")));
    }

    private void Finetune(string output, params string[] more) =>
        Command.Run(["finetune", "--model", _model, "--data", _data, "--output", _folder[output], .. more]).Succeeded();

    private ReportPage Report(string run)
    {
        Command.Run("report", _folder[run]).Succeeded();
        return new ReportPage(File.ReadAllText(_folder[run, "report.html"]));
    }

    private JsonElement State(string run) => JsonDocument.Parse(File.ReadAllText(_folder[run, "ist_state.json"])).RootElement;

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];
}
