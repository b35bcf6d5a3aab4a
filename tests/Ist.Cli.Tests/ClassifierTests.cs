using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ist.Cli.Tests.Support;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;

namespace Ist.Cli.Tests;

/// <summary>Whole runs on a tiny BERT that learns labels of texts.</summary>
public sealed class ClassifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _data;

    public ClassifierTests()
    {
        _model = _folder["model"];
        Directory.CreateDirectory(_model);
        JsonNode config = JsonNode.Parse(File.ReadAllText(TinyModel.Golden("bert-cls", "config.json")))!;
        config["id2label"] = new JsonObject { ["0"] = "low", ["1"] = "middle", ["2"] = "high" };
        File.WriteAllText(Path.Combine(_model, "config.json"), config.ToJsonString());
        File.WriteAllText(Path.Combine(_model, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + string.Join('\n', Enumerable.Range(0, 9).Select(i => $"w{i}")) + "\n");
        // The label is told by the first word, whatever follows.
        string[] labels = ["low", "middle", "high"];
        _data = _folder.Write("rows.jsonl", string.Concat(Enumerable.Range(0, 90).Select(i =>
            $$"""{"sentence1": "w{{i % 9}}", "sentence2": "w{{i * 5 % 9}} w{{i / 9 % 9}}", "label": "{{labels[i % 9 / 3]}}"}""" + "\n")));
        CopyWeights(name => true);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reports_and_comparisons_tell_accuracies()
    {
        string file = _folder.Write("compare.yaml", $"model: {_model}\ndata: {_data}\neval_data: {_data}\noutput: {_folder["cmp"]}\nsteps: 40\nlr: 3e-3\ntarget: all-linear\npolicies: [all, random]\nseeds: [1, 2]\n");
        string output = Command.Run("compare", file).Succeeded().Output;
        Command.Run("report", _folder["cmp", "random-lora-1"]).Succeeded();

        double Accuracy(string run) => Json("cmp", run, "run.json").GetProperty("eval_accuracy_after").GetDouble();
        double[] all = [Accuracy("all-lora-1"), Accuracy("all-lora-2")], random = [Accuracy("random-lora-1"), Accuracy("random-lora-2")];
        string[] row = File.ReadAllLines(_folder["cmp", "comparison.csv"])[2].Split(',');
        Assert.Equal(random.Average(), double.Parse(row[8], CultureInfo.InvariantCulture), 1e-12);
        Assert.Equal(random.Average() - all.Average(), double.Parse(row[10], CultureInfo.InvariantCulture), 1e-12);
        Assert.Contains("| held-out loss | difference | accuracy | difference | tokens/s |", output, StringComparison.Ordinal);
        var page = new ReportPage(File.ReadAllText(_folder["cmp", "random-lora-1", "report.html"]));
        Assert.Contains("accuracy", page.Charts);
        Assert.Equal(random[0], page.Data.GetProperty("evaluations")[1].GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public void An_adapter_learns_and_carries_its_head()
    {
        Finetune("run", "--steps", "120", "--lr", "3e-3", "--target", "all-linear", "--sparse", "ist").Succeeded();

        JsonElement config = Json("run", "adapter_config.json");
        Assert.Equal("SEQ_CLS", config.GetProperty("task_type").GetString());
        Assert.Equal(["classifier", "score"], config.GetProperty("modules_to_save").EnumerateArray().Select(e => e.GetString()));
        using (var file = new SafeTensorsFile(_folder["run", "adapter_model.safetensors"]))
        {
            Assert.Equal([3, 48], file.Tensors["base_model.model.classifier.weight"].Shape);
            Assert.DoesNotContain(file.Tensors.Keys, key => key.Contains("classifier.lora", StringComparison.Ordinal));
        }
        JsonElement record = Json("run", "run.json");
        double before = record.GetProperty("eval_accuracy_before").GetDouble(), after = record.GetProperty("eval_accuracy_after").GetDouble();
        Assert.True(before < 0.6 && after > 0.9, $"{before} -> {after}");
        Result evaluated = Command.Run("evaluate", "--model", _model, "--adapter", _folder["run"], "--data", _data, "--json").Succeeded();
        Assert.Equal(after, JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("accuracy").GetDouble(), 1e-12);
    }

    [Fact]
    public void It_answers_a_task_with_the_figures_of_its_data()
    {
        string task = _folder.Write("task.yaml", "kind: classification\ntexts: [sentence1, sentence2]\nanswer: label\n"), predictions = _folder["predictions.jsonl"];

        JsonElement data = Figures("--data", _data);
        JsonElement answered = Figures("--data", _data, "--task", task, "--predictions", predictions);

        // The confusion matrix of the predictions, by scikit-learn's definitions.
        (string Truly, string Given)[] pairs = [.. File.ReadLines(predictions).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(row => (row.GetProperty("answer").GetString()!, row.GetProperty("predicted").GetString()!))];
        string[] labels = ["low", "middle", "high"];
        double n = pairs.Length, right = pairs.Count(p => p.Truly == p.Given);
        double both = labels.Sum(l => (double)pairs.Count(p => p.Truly == l) * pairs.Count(p => p.Given == l));
        double truly = labels.Sum(l => Math.Pow(pairs.Count(p => p.Truly == l), 2)), given = labels.Sum(l => Math.Pow(pairs.Count(p => p.Given == l), 2));
        double matthews = n * n == given ? 0 : (right * n - both) / Math.Sqrt((n * n - truly) * (n * n - given));
        double f1 = labels.Average(l => 2.0 * pairs.Count(p => p == (l, l)) / (pairs.Count(p => p.Truly == l) + pairs.Count(p => p.Given == l)));
        foreach ((JsonElement figures, string accuracy) in new[] { (data, "accuracy"), (answered, "acc") })
        {
            Assert.Equal(right / n, figures.GetProperty(accuracy).GetDouble(), 1e-12);
            Assert.Equal(matthews, figures.GetProperty("matthews").GetDouble(), 1e-12);
            Assert.Equal(f1, figures.GetProperty("macro_f1").GetDouble(), 1e-12);
        }
        Assert.Equal(90, n);
    }

    [Fact]
    public void It_answers_no_other_kind_of_task()
    {
        string task = _folder.Write("task.yaml", "kind: multiple_choice\nprompt: \"{sentence1}\"\nchoices: [low, high]\nanswer: label\n");
        Command.Run("evaluate", "--model", _model, "--data", _data, "--task", task).Failed(2, "task task: it lacks kind: classification");
        Command.Run("evaluate", "--model", _model, "--data", _data, "--task", "cola").Failed(2, "line 1: the task reads the field 'sentence', which the row lacks; did you mean 'sentence1'?");
    }

    private JsonElement Figures(params string[] more) =>
        JsonDocument.Parse(Command.Run(["evaluate", "--model", _model, .. more, "--json"]).Succeeded().Output).RootElement;

    [Fact]
    public void A_head_that_the_checkpoint_lacks_begins_at_random_and_is_trained()
    {
        CopyWeights(name => !name.StartsWith("classifier.", StringComparison.Ordinal));

        Finetune("run", "--steps", "60", "--lr", "1e-2").Succeeded();

        Assert.True(Json("run", "run.json").GetProperty("eval_accuracy_after").GetDouble() > 0.9);
        Command.Run("evaluate", "--model", _model, "--data", _data).Failed(2, "'classifier.weight' is not in the checkpoint", "train it with 'ist finetune'");
    }

    [Fact]
    public void A_classifier_continues_no_text() =>
        Command.Run("generate", "--model", _model, "--prompt", "w1").Failed(2, _model, "a model of type 'bert' classifies texts");

    [Fact]
    public void Texts_to_classify_share_no_row()
    {
        Finetune("run", "--packing").Failed(2, "packing is on, but the model classifies texts and gives one label for a row; leave it out");
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public void Dropout_inside_the_model_is_said_to_be_left_out()
    {
        string path = Path.Combine(_model, "config.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"hidden_dropout_prob\":0.0", "\"hidden_dropout_prob\":0.1", StringComparison.Ordinal));

        Result result = Finetune("run", "--steps", "1");

        Assert.Equal(0, result.Code);
        Assert.Contains("'hidden_dropout_prob' is not 0, but training does without dropout inside the model", result.Error, StringComparison.Ordinal);
    }

    private Result Finetune(string output, params string[] arguments) =>
        Command.Run(["finetune", "--model", _model, "--data", _data, "--eval-data", _data, "--output", _folder[output], "--max-length", "16", .. arguments]);

    private JsonElement Json(params string[] path) => JsonDocument.Parse(File.ReadAllText(_folder[path])).RootElement;

    private unsafe void CopyWeights(Func<string, bool> isKept)
    {
        using var file = new SafeTensorsFile(TinyModel.Golden("bert-cls", "model.safetensors"));
        var writer = new SafeTensorsWriter();
        foreach (TensorEntry entry in file.Tensors.Values.Where(entry => isKept(entry.Name)))
        {
            float[] values = GC.AllocateArray<float>((int)entry.Count, pinned: true);
            file.CopyTo(entry, values);
            writer.Add(entry.Name, DType.F32, entry.Shape.AsSpan(), (float*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(values, 0));
        }
        writer.Save(Path.Combine(_model, "model.safetensors"));
    }
}
