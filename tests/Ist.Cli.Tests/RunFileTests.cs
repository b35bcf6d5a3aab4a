using Ist.Cli.Finetuning;
using Ist.Cli.Settings;
using Ist.Cli.Tests.Support;
using Ist.Runtime.Optimizers;

namespace Ist.Cli.Tests;

/// <summary>A run's file: what it may hold, and what the command line overrules.</summary>
public sealed class RunFileTests : IDisposable
{
    private const string Paths = "model: m\ndata: d.jsonl\noutput: o\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Yaml_gives_every_kind_of_value()
    {
        FinetuneOptions options = Read("run.yaml", Paths + """
            # A comment.
            target: [q_proj, down_proj]
            lr: 1e-3
            rank: 4
            train_on_prompt: true
            sparse: ist
            schedule: cosine
            seed: 18446744073709551615
            sample_prompt: "boat: 7\nkind: "
            """);

        Assert.Equal(("m", "d.jsonl", "o"), (options.Model, options.Data, options.Output));
        Assert.Equal(["q_proj", "down_proj"], options.Targets!);
        Assert.Equal((1e-3, 4, true), (options.LearningRate, options.Rank, options.TrainsOnPrompt));
        Assert.Equal((Sparsity.Ist, ScheduleKind.Cosine, ulong.MaxValue), (options.Selection.Sparse, options.Schedule, options.Seed));
        Assert.Equal("boat: 7\nkind: ", options.SamplePrompt);
    }

    [Fact]
    public void A_list_of_layers_is_read_in_every_form()
    {
        foreach (string list in (string[])["[0, 2]", "\n  - 0\n  - 2", "0,2"])
            Assert.Equal([0, 2], Read("run.yaml", Paths + "sparse: fixed\nlayers: " + list).Selection.Layers!);
        Assert.Equal([7], Read("run.yaml", Paths + "sparse: fixed\nlayers: 7").Selection.Layers!);
    }

    [Fact]
    public void Json_gives_the_same_as_yaml()
    {
        FinetuneOptions yaml = Read("run.yaml", Paths + "target: [q_proj, v_proj]\nlr: 0.5\nresume: true\neval-fraction: .25");
        FinetuneOptions json = Read("run.json", """
            {
              "model": "m", "data": "d.jsonl", "output": "o",
              "target": ["q_proj", "v_proj"], "lr": 5e-1, "resume": true, "eval_fraction": 0.25
            }
            """);

        Assert.Equal(yaml with { Targets = null }, json with { Targets = null });
        Assert.Equal(yaml.Targets, json.Targets!);
        Assert.Equal((0.5, 0.25, true), (json.LearningRate, json.EvalFraction, json.Resume));
    }

    [Fact]
    public void Defaults_are_the_documented_ones()
    {
        FinetuneOptions options = Read("run.yaml", Paths);

        Assert.Equal(new FinetuneOptions
        {
            Model = "m",
            Data = "d.jsonl",
            Output = "o",
            Method = Method.Lora,
            Rank = 8,
            Alpha = 16,
            NumVirtualTokens = 20,
            Selection = new Selection { Sparse = Sparsity.All },
            Epochs = 1,
            BatchSize = 16,
            MicroBatchSize = 16,
            LearningRate = 2e-4,
            Schedule = ScheduleKind.Linear,
            MaxGradNorm = 1,
            Seed = 42,
        }, options);
    }

    [Fact]
    public void Hyphens_and_underscores_are_both_keys()
    {
        FinetuneOptions options = Read("run.yml", Paths + "max-length: 7\nbatch_size: 5");

        Assert.Equal((7, 5), (options.MaxLength, options.BatchSize));
    }

    [Fact]
    public void Null_leaves_the_default()
    {
        FinetuneOptions options = Read("run.yaml", Paths + "rank: null\neval_data:\nsteps: ~");

        Assert.Equal((8, null, null), (options.Rank, options.EvalData, options.Steps));
    }

    [Fact]
    public void The_command_line_overrules_the_file()
    {
        FinetuneOptions options = Read("run.yaml", Paths + "rank: 4\nlr: 1e-3\ntrain_on_prompt: true", "--rank", "2", "--train-on-prompt", "false");

        Assert.Equal((2, 1e-3, false), (options.Rank, options.LearningRate, options.TrainsOnPrompt));
    }

    [Fact]
    public void The_command_line_overrules_what_excludes_it()
    {
        FinetuneOptions steps = Read("run.yaml", Paths + "epochs: 3\neval_fraction: 0.5", "--steps", "9", "--eval-data", "e.jsonl");
        FinetuneOptions full = Read("run.yaml", Paths + "rank: 4\ntarget: all-linear", "--method", "full");
        FinetuneOptions all = Read("run.yaml", Paths + "sparse: ist\nactive_layers: 2", "--sparse", "all");

        Assert.Equal((9, 1.0, null, "e.jsonl"), (steps.Steps, steps.Epochs, steps.EvalFraction, steps.EvalData));
        Assert.Equal((Method.Full, null), (full.Method, full.Targets));
        Assert.Equal((Sparsity.All, null), (all.Selection.Sparse, all.Selection.ActiveLayers));
    }

    [Theory]
    [InlineData("run.yaml", "rank: 8\nlrr: 1", "line 2: 'lrr' is no setting of a run; did you mean 'lr'?")]
    [InlineData("run.yaml", "sample_packing: true", "line 1: 'sample_packing' is no setting of a run; did you mean 'packing'?")]
    [InlineData("run.yaml", "rank: 8\npacked: true", "line 2: 'packed' is no setting of a run; did you mean 'packing'?")]
    [InlineData("run.yaml", "\n\nmax_lenght: 8", "line 3: 'max_lenght' is no setting of a run; did you mean 'max_length'?")]
    [InlineData("run.json", "{\n \"rank\": 8,\n \"evalfraction\": 0.5}", "line 3: 'evalfraction' is no setting of a run; did you mean 'eval_fraction'?")]
    [InlineData("run.yaml", "num_train_epochs: 3", "line 1: 'num_train_epochs' is no setting of a run; did you mean 'epochs'?")]
    [InlineData("run.yaml", "per_device_train_batch_size: 3", "did you mean 'micro_batch_size'?")]
    [InlineData("run.yaml", "rank: eight", "line 1: 'rank' is 'eight'; expected a whole number, 1 or more.")]
    [InlineData("run.yaml", "rank: '8'", "line 1: 'rank' is '8'; expected a whole number, 1 or more.")]
    [InlineData("run.json", "{\"rank\": \"8\"}", "line 1: 'rank' is '8'; expected a whole number, 1 or more.")]
    [InlineData("run.yaml", "rank: [8]", "line 1: 'rank' is [8]; expected a whole number, 1 or more.")]
    [InlineData("run.yaml", "rank: true", "line 1: 'rank' is true; expected a whole number, 1 or more.")]
    [InlineData("run.yaml", "resume: yes", "line 1: 'resume' is 'yes'; expected true or false.")]
    [InlineData("run.yaml", "resume: 1", "line 1: 'resume' is 1; expected true or false.")]
    [InlineData("run.yaml", "model: false", "line 1: 'model' is false; expected a folder.")]
    [InlineData("run.yaml", "target: []", "line 1: 'target' is []; expected module names")]
    [InlineData("run.yaml", "target: [1, 2]", "line 1: 'target' is [1, 2]; expected module names")]
    [InlineData("run.yaml", "steps: 5\nepochs: 1", "line 1: 'steps' and ")]
    [InlineData("run.yaml", "rank: 8\nlr: {a: 1}", "line 2: 'lr' is nested; expected a value or a list of values")]
    [InlineData("run.json", "{\"lr\":\n [[1]]}", "line 1: 'lr' is nested; expected a value or a list of values")]
    [InlineData("run.yaml", "max_length: 8\nmax-length: 9", "line 2: 'max-length' is set a second time; keep one of the two")]
    [InlineData("run.yaml", "rank: 8\nrank: 9", "line 2: it isn't valid YAML")]
    [InlineData("run.json", "{\"rank\": 8,\n\"rank\": 9}", "line 2: 'rank' is set a second time; keep one of the two")]
    [InlineData("run.yaml", "rank: [8", "it isn't valid YAML")]
    [InlineData("run.json", "{\"rank\": 8,\n", "it isn't valid JSON")]
    [InlineData("run.json", "{\"rank\": 8} x", "line 1: it isn't valid JSON")]
    [InlineData("run.json", "[8]", "line 1: expected a JSON object of keys and values")]
    [InlineData("run.json", "", "it isn't valid JSON")]
    [InlineData("run.yaml", "- rank\n- 8", "line 1: expected one mapping of keys and values")]
    [InlineData("run.toml", "rank = 8", "expected .yaml, .yml or .json")]
    public void A_wrong_file_is_an_error_that_names_the_line(string name, string text, string expected) =>
        Command.Run("finetune", _folder.Write(name, text)).Failed(2, _folder[name], expected);

    [Theory]
    [InlineData("run.yaml")]
    [InlineData("run.json")]
    public void Invalid_utf8_is_an_error_that_names_the_line(string name)
    {
        string text = name.EndsWith(".json", StringComparison.Ordinal) ? "{\n\"model\": \"?\"}" : "rank: 8\nmodel: ?";
        byte[] bytes = [.. text.Select(c => c == '?' ? (byte)0xFF : (byte)c)];

        Command.Run("finetune", _folder.Write(name, bytes)).Failed(2, _folder[name], "line 2: it isn't valid UTF-8");
    }

    [Fact]
    public void A_file_that_is_missing_is_an_error() => Command.Run("finetune", "no-such.yaml").Failed(2, "no-such.yaml: there is no such file");

    [Fact]
    public void A_setting_that_is_missing_may_be_given_in_the_file() =>
        Command.Run("finetune", _folder.Write("run.yaml", "model: m")).Failed(2, "--data is missing", "or give the key 'data' in ");

    private FinetuneOptions Read(string name, string text, params string[] arguments)
    {
        var command = FinetuneSettings.All.Select(s => s.Option).Aggregate(new System.CommandLine.RootCommand(), (root, option) =>
        {
            root.Add(option);
            return root;
        });
        return FinetuneSettings.Read(new SettingReader(FinetuneSettings.All, command.Parse(arguments), RunFile.Load(_folder.Write(name, text), FinetuneSettings.All)));
    }
}
