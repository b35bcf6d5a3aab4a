using System.Text.Json;
using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

public sealed class SelectionStateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ist-state-").FullName;

    private string File => Path.Combine(_folder, SelectionState.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_that_is_read_back_goes_on_with_the_same_bits()
    {
        var whole = new ImportanceSparseTuning(6, 9, new IstOptions());
        long[] counts = new long[6];
        List<string> expected = Advance(whole, counts, 0, 57);
        SelectionState.Write(File, whole, 57, counts);
        expected = Advance(whole, counts, 57, 120);

        var resumed = new ImportanceSparseTuning(6, 9, new IstOptions());
        long[] resumedCounts = new long[6];
        SelectionState.Read(File, resumed, 57, resumedCounts);
        Assert.Equal(expected, Advance(resumed, resumedCounts, 57, 120));
        Assert.Equal(whole.Importance.ToArray(), resumed.Importance.ToArray());
        Assert.Equal(counts, resumedCounts);
        Assert.Equal(120 * whole.ActiveLayers, resumedCounts.Sum());
    }

    [Fact]
    public void The_file_holds_importance_counts_options_and_the_last_probe()
    {
        var ist = new ImportanceSparseTuning(4, 9, new IstOptions());
        long[] counts = new long[4];
        Advance(ist, counts, 0, 11);
        SelectionState.Write(File, ist, 11, counts);

        using JsonDocument json = JsonDocument.Parse(System.IO.File.ReadAllText(File));
        JsonElement root = json.RootElement;
        Assert.Equal(
            [
                "active_layers", "candidates", "counts", "draw", "importance", "interval", "last_probe", "policy", "probe", "probe_rows", "step", "step_size", "suppressed_layers",
                "suppression", "truncate", "warmup_steps",
            ],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(11, root.GetProperty("counts").EnumerateArray().Sum(c => c.GetInt64()));
        Assert.Equal(ist.Importance.ToArray(), root.GetProperty("importance").EnumerateArray().Select(i => i.GetDouble()));
        JsonElement last = root.GetProperty("last_probe");
        Assert.Equal(10, last.GetProperty("step").GetInt32());
        Assert.Equal(3, last.GetProperty("sets").GetArrayLength());
        for (int k = 0; k < 3; k++)
            Assert.Equal(Math.Exp(-last.GetProperty("losses")[k].GetDouble()), last.GetProperty("rewards")[k].GetDouble());
    }

    [Fact]
    public void Other_options_are_refused_by_the_key_that_differs()
    {
        SelectionState.Write(File, new ImportanceSparseTuning(4, 9, new IstOptions()), 0, new long[4]);

        Assert.Contains("'policy' is \"ist\", but this run has \"random\"", Refusal(new RandomSelection(4, 9)));
        Assert.Contains("'active_layers' is 1, but this run has 2", Refusal(new ImportanceSparseTuning(4, 9, new IstOptions { ActiveLayers = 2 })));
        Assert.Contains("'suppression' is 0.25, but this run has 0.5", Refusal(new ImportanceSparseTuning(4, 9, new IstOptions { Suppression = .5 })));
        Assert.Contains("'truncate' is null, but this run has 2", Refusal(new ImportanceSparseTuning(4, 9, new IstOptions { Truncate = 2, SuppressedLayers = 2 })));
        Assert.Contains("'draw' is \"sample\", but this run has \"top\"", Refusal(new ImportanceSparseTuning(4, 9, new IstOptions { Draw = LayerDrawKind.Top })));
        Assert.Contains("'probe' is \"forward\", but this run has \"first-order\"", Refusal(new ImportanceSparseTuning(4, 9, new IstOptions { Probe = ProbeKind.FirstOrder })));
        Assert.Contains("'step' is 0, but this run has 3", Assert.Throws<InputException>(() =>
            SelectionState.Read(File, new ImportanceSparseTuning(4, 9, new IstOptions()), 3, new long[4])).Message);
    }

    [Fact]
    public void Counts_that_do_not_add_up_are_refused()
    {
        SelectionState.Write(File, new RandomSelection(4, 9), 5, [1, 1, 1, 1]);
        Assert.Equal(
            $"{File}: 'counts' adds up to 4, but 5 steps train 5 layers; the file is damaged, resume from an earlier checkpoint",
            Assert.Throws<InputException>(() => SelectionState.Read(File, new RandomSelection(4, 9), 5, new long[4])).Message);
        Assert.Contains("'counts' has 4 elements, expected 5", Assert.Throws<InputException>(() =>
            SelectionState.Read(File, new RandomSelection(5, 9), 5, new long[5])).Message);
    }

    private string Refusal(ISelectionPolicy policy) =>
        Assert.Throws<InputException>(() => SelectionState.Read(File, policy, 0, new long[4])).Message;

    private static List<string> Advance(ImportanceSparseTuning ist, long[] counts, int from, int to)
    {
        var plan = new LayerPlan(counts.Length, trainsInput: false);
        var chosen = new List<string>();
        for (int step = from; step < to; step++)
        {
            if (ist.NeedsProbe(step))
                ist.Probe(step, new LossProbe(scales => 1.5 + scales.Select((scale, l) => (1 - scale) * Math.Sin(l + step)).Sum() / 3));
            ist.Select(step, plan);
            for (int l = 0; l < counts.Length; l++)
                counts[l] += plan.Trains(l) ? 1 : 0;
            chosen.Add(string.Concat(Enumerable.Range(0, counts.Length).Select(l => plan.Trains(l) ? '1' : '0')));
        }
        return chosen;
    }
}
