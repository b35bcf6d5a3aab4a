using System.Text.Json;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tests.Sparse;
using Ist.Runtime.Training;

namespace Ist.Runtime.Tests.Training;

public sealed class TrainingRunTests : IDisposable
{
    private const int Layers = 6, Steps = 47;

    private static readonly DataSet _data = TinyData.Rows(30, seed: 5), _heldOut = TinyData.Rows(9, seed: 6);

    private readonly string _folder = Directory.CreateTempSubdirectory("ist-run-").FullName;
    private readonly CpuDevice _device = new(1);

    private static TrainingOptions Options => new()
    {
        Steps = Steps,
        BatchSize = 8,
        MicroBatchSize = 3,
        MaxLength = TinyData.MaxLength,
        LearningRate = .02,
        Seed = 3,
        WarmupSteps = 5,
    };

    public void Dispose()
    {
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string, InactiveMoments> PoliciesAndStates
    {
        get
        {
            var all = new TheoryData<string, InactiveMoments>();
            foreach (string policy in Policies.Names)
            {
                foreach (InactiveMoments inactive in Enum.GetValues<InactiveMoments>())
                {
                    if (inactive != InactiveMoments.Free || Policies.Of(policy, Layers).ActiveLayers < Layers)
                        all.Add(policy, inactive);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(PoliciesAndStates))]
    public void A_run_that_was_stopped_and_resumed_has_the_bits_of_one_that_was_not(string policy, InactiveMoments inactive)
    {
        TrainingOptions options = Options with { InactiveMoments = inactive };
        string whole = Output("whole"), cut = Output("cut");
        (_, TrainingRun never, _) = Run(whole, policy, stopAfter: null, resume: false, options: options);

        Assert.Equal(RunOutcome.Stopped, Run(cut, policy, stopAfter: 13, resume: false, options: options).Outcome);
        Assert.Equal(RunOutcome.Stopped, Run(cut, policy, stopAfter: 30, resume: true, options: options).Outcome);
        (RunOutcome outcome, TrainingRun resumed, _) = Run(cut, policy, stopAfter: null, resume: true, options: options);
        Assert.Equal(RunOutcome.Completed, outcome);
        Assert.Equal(never.First, resumed.First);
        Assert.Equal(never.Last, resumed.Last);

        foreach (string file in new[] { "adapter_model.safetensors", "optimizer.safetensors", "ist_state.json", "training_args.json" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "checkpoint-47", file)), File.ReadAllBytes(Path.Combine(cut, "checkpoint-47", file)));
        Assert.Equal(Rows(whole), Rows(cut));
        Assert.Equal(StateWithoutTimes(whole), StateWithoutTimes(cut));
    }

    [Fact]
    public void Freed_and_cleared_moments_train_the_same_and_kept_ones_another()
    {
        byte[] Adapter(InactiveMoments inactive)
        {
            string output = Output(inactive.ToString());
            Run(output, "ist", stopAfter: null, resume: false, options: Options with { InactiveMoments = inactive });
            return File.ReadAllBytes(Path.Combine(output, "checkpoint-47", "adapter_model.safetensors"));
        }

        Assert.Equal(Adapter(InactiveMoments.Clear), Adapter(InactiveMoments.Free));
        Assert.NotEqual(Adapter(InactiveMoments.Clear), Adapter(InactiveMoments.Keep));
    }

    /// <summary>IST's importance from the rows alone, by the paper's formula written out once more.</summary>
    [Theory]
    [InlineData("ist", 0)]
    [InlineData("ist-flipped", 0)]
    [InlineData("ist-truncated", 3)]
    [InlineData("ist-first-order", 0)]
    public void The_importance_follows_from_the_sets_and_losses_of_the_metrics(string policy, int lowest)
    {
        string output = Output("run");
        Run(output, policy, stopAfter: null, resume: false);
        double[] importance = new double[Layers];
        int events = 0;
        foreach (string line in File.ReadLines(Path.Combine(output, "metrics.jsonl")))
        {
            JsonElement row = JsonDocument.Parse(line).RootElement;
            if (!row.TryGetProperty("probe", out JsonElement probe))
                continue;
            Assert.Equal(1 + 10 * ++events, row.GetProperty("step").GetInt32());
            double[] losses = [.. probe.GetProperty("losses").EnumerateArray().Select(loss => loss.GetDouble())];
            int[][] sets = [.. probe.GetProperty("sets").EnumerateArray().Select(set => set.EnumerateArray().Select(layer => layer.GetInt32()).ToArray())];
            Assert.All(sets, set => Assert.All(set, layer => Assert.InRange(layer, lowest, Layers - 1)));
            double mean = losses.Sum(loss => Math.Exp(-loss)) / losses.Length;
            double[] slopes = [.. importance.Select(i => Math.Exp(i) / ((1 + Math.Exp(i)) * (1 + Math.Exp(i))))];
            for (int k = 0; k < sets.Length; k++)
            {
                foreach (int layer in sets[k])
                    importance[layer] += 10 * (Math.Exp(-losses[k]) - mean) * slopes[layer];
            }
            double[] told = [.. probe.GetProperty("importance").EnumerateArray().Select(i => i.GetDouble())];
            for (int l = 0; l < Layers; l++)
                Assert.Equal(importance[l], told[l], 1e-14);
        }
        Assert.Equal(4, events);
        Assert.True(importance.Max(Math.Abs) > 1e-4);
    }

    [Fact]
    public void A_run_that_was_killed_behind_a_checkpoint_resumes_from_it()
    {
        string whole = Output("whole"), killed = Output("killed");
        Run(whole, "ist", stopAfter: null, resume: false);
        // Killed in step 27: rows up to 26 are there, half of the next one, and a checkpoint that is half-written.
        Assert.Throws<OperationCanceledException>(() => Run(killed, "ist", stopAfter: 26, resume: false, kill: true));
        File.AppendAllText(Path.Combine(killed, "metrics.jsonl"), "{\"step\":27,\"lo");
        Directory.CreateDirectory(Path.Combine(killed, "checkpoint-27.tmp"));

        Run(killed, "ist", stopAfter: null, resume: true);
        Assert.Equal(["checkpoint-40", "checkpoint-47"], Directory.GetDirectories(killed).Select(Path.GetFileName).Order());
        Assert.Equal(Rows(whole), Rows(killed));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole, "checkpoint-47", "adapter_model.safetensors")),
            File.ReadAllBytes(Path.Combine(killed, "checkpoint-47", "adapter_model.safetensors")));
    }

    [Fact]
    public void Metrics_have_a_row_for_each_step_and_each_evaluation()
    {
        string output = Output("run");
        (_, TrainingRun run, _) = Run(output, "ist", stopAfter: null, resume: false);
        JsonElement[] rows = [.. File.ReadLines(Path.Combine(output, "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        JsonElement[] steps = [.. rows.Where(row => row.TryGetProperty("loss", out _))];
        JsonElement[] evaluations = [.. rows.Where(row => row.TryGetProperty("eval_loss", out _))];

        Assert.Equal(Enumerable.Range(1, Steps), steps.Select(row => row.GetProperty("step").GetInt32()));
        Assert.Equal(["step", "loss", "learning_rate", "grad_norm", "tokens", "tokens_per_second", "milliseconds", "active_layers", "backward_depth", "saved_bytes"], steps[3].EnumerateObject().Select(p => p.Name));
        Assert.All(steps, row => Assert.Equal(1, row.GetProperty("active_layers").GetArrayLength()));
        Assert.All(steps, row => Assert.Equal(Layers - row.GetProperty("active_layers")[0].GetInt32(), row.GetProperty("backward_depth").GetInt32()));
        // Warm-up: the first step's rate is 0, the second's a fifth of the highest.
        Assert.Equal(0, steps[0].GetProperty("learning_rate").GetDouble());
        Assert.Equal(.004, steps[1].GetProperty("learning_rate").GetDouble(), 12);
        Assert.Equal([0, 20, 40, 47], evaluations.Select(row => row.GetProperty("step").GetInt32()));
        Assert.All(evaluations, row => Assert.Equal(_heldOut.TrainedTokens, row.GetProperty("eval_tokens").GetInt64()));
        Assert.Equal(run.First!.Value.Loss, evaluations[0].GetProperty("eval_loss").GetDouble());
        Assert.Equal(run.Last!.Value.Loss, evaluations[^1].GetProperty("eval_loss").GetDouble());
        Assert.True(run.Last.Value.Loss < run.First.Value.Loss);
    }

    [Fact]
    public void Metrics_tell_each_probe_and_the_last_one_is_the_state()
    {
        string output = Output("run");
        Run(output, "ist", stopAfter: null, resume: false);
        JsonElement[] rows = [.. File.ReadLines(Path.Combine(output, "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        // Before steps 10, 20, 30 and 40, counted from 0.
        Assert.Equal([11, 21, 31, 41], rows.Where(row => row.TryGetProperty("probe", out _)).Select(row => row.GetProperty("step").GetInt32()));
        JsonElement[] probes = [.. rows.Where(row => row.TryGetProperty("probe", out _)).Select(row => row.GetProperty("probe"))];
        Assert.All(probes, probe => Assert.Equal(["sets", "losses", "importance"], probe.EnumerateObject().Select(p => p.Name)));
        JsonElement state = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "checkpoint-47", "ist_state.json"))).RootElement;
        Assert.Equal(Numbers(state.GetProperty("importance")), Numbers(probes[^1].GetProperty("importance")));
        Assert.Equal(Numbers(state.GetProperty("last_probe").GetProperty("losses")), Numbers(probes[^1].GetProperty("losses")));
        Assert.Equal(state.GetProperty("last_probe").GetProperty("sets").GetArrayLength(), probes[^1].GetProperty("sets").GetArrayLength());
        Assert.NotEqual(Numbers(probes[0].GetProperty("importance")), Numbers(probes[^1].GetProperty("importance")));

        static IEnumerable<double> Numbers(JsonElement list) => list.EnumerateArray().Select(number => number.GetDouble());
    }

    [Fact]
    public void The_trainer_state_has_the_keys_of_transformers()
    {
        string output = Output("run");
        Run(output, "all", stopAfter: null, resume: false);
        string text = File.ReadAllText(Path.Combine(output, "checkpoint-47", "trainer_state.json"));
        JsonElement state = JsonDocument.Parse(text).RootElement;
        Assert.Equal(
            [
                "best_global_step", "best_metric", "best_model_checkpoint", "epoch", "eval_steps", "global_step", "is_hyper_param_search",
                "is_local_process_zero", "is_world_process_zero", "log_history", "logging_steps", "max_steps", "num_input_tokens_seen",
                "num_train_epochs", "save_steps", "stateful_callbacks", "total_flos", "train_batch_size", "trial_name", "trial_params",
            ],
            state.EnumerateObject().Select(p => p.Name));
        Assert.StartsWith("{\n  \"best_global_step\": null,\n", text);
        Assert.EndsWith("\n}\n", text);
        Assert.Equal(47, state.GetProperty("global_step").GetInt32());
        Assert.Equal(47 * 8 / 30.0, state.GetProperty("epoch").GetDouble(), 12);
        Assert.Equal(13, state.GetProperty("num_train_epochs").GetInt32());
        Assert.Equal(3, state.GetProperty("train_batch_size").GetInt32());
        Assert.Equal(47 + 4, state.GetProperty("log_history").GetArrayLength());
        Assert.Equal(["epoch", "grad_norm", "learning_rate", "loss", "step"], state.GetProperty("log_history")[1].EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Only_the_newest_checkpoints_are_kept()
    {
        string output = Output("run");
        (_, _, Recorder told) = Run(output, "ist", stopAfter: null, resume: false);
        Assert.Equal(["checkpoint-40", "checkpoint-47"], Directory.GetDirectories(output).Select(Path.GetFileName).Order());
        Assert.Equal(["checkpoint-10", "checkpoint-20", "checkpoint-30", "checkpoint-40", "checkpoint-47"], told.Checkpoints.Select(Path.GetFileName));
        Assert.Equal(Steps, told.Steps);
        Assert.Equal([0, 20, 40, 47], told.Evaluations);
    }

    [Fact]
    public void A_damaged_checkpoint_is_skipped_with_a_message()
    {
        string whole = Output("whole"), cut = Output("cut");
        Run(whole, "ist", stopAfter: null, resume: false);
        Run(cut, "ist", stopAfter: 20, resume: false);
        string file = Path.Combine(cut, "checkpoint-20", "optimizer.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..^5]);

        (_, _, Recorder told) = Run(cut, "ist", stopAfter: null, resume: true);
        string warning = Assert.Single(told.Warnings);
        Assert.StartsWith($"{Path.Combine(cut, "checkpoint-20")} is skipped, it is damaged: {file}: ", warning);
        Assert.Equal(Rows(whole), Rows(cut));

        foreach (string folder in Directory.GetDirectories(cut))
            File.Delete(Path.Combine(folder, "trainer_state.json"));
        Assert.Equal(
            $"{cut}: every checkpoint is damaged; delete them and begin anew without --resume",
            Assert.Throws<InputException>(() => Run(cut, "ist", stopAfter: null, resume: true)).Message);
    }

    [Fact]
    public void Without_a_checkpoint_the_run_begins_at_its_beginning()
    {
        string whole = Output("whole"), fresh = Output("fresh");
        Run(whole, "ist", stopAfter: null, resume: false);
        (_, _, Recorder told) = Run(fresh, "ist", stopAfter: null, resume: true);
        Assert.Equal([$"{fresh} has no checkpoint to resume from; the run begins at its beginning"], told.Warnings);
        Assert.Equal(Rows(whole), Rows(fresh));
    }

    [Theory]
    [InlineData("seed", "'seed' is \"3\", but this run has \"4\"")]
    [InlineData("data seed", "'data_seed' is null, but this run has \"4\"")]
    [InlineData("lr", "'learning_rate' is 0.02, but this run has 0.01")]
    [InlineData("batch", "'batch_size' is 8, but this run has 7")]
    [InlineData("data", "'data_hash' is \"abc\", but this run has \"abd\"")]
    [InlineData("state", "'state' is \"keep\", but this run has \"clear\"")]
    [InlineData("policy", "'policy' is \"ist\", but this run has \"random\"")]
    public void A_checkpoint_of_other_options_is_refused_by_the_key_that_differs(string changed, string message)
    {
        string output = Output("run");
        Run(output, "ist", stopAfter: 13, resume: false);
        TrainingOptions options = changed switch
        {
            "seed" => Options with { Seed = 4 },
            "data seed" => Options with { DataSeed = 4 },
            "lr" => Options with { LearningRate = .01 },
            "batch" => Options with { BatchSize = 7 },
            "state" => Options with { InactiveMoments = InactiveMoments.Clear },
            _ => Options,
        };
        string told = Assert.Throws<InputException>(() => Run(
            output, changed == "policy" ? "random" : "ist", stopAfter: null, resume: true, options: options, dataHash: changed == "data" ? "abd" : "abc")).Message;
        Assert.Contains(message, told);
        Assert.EndsWith("; resume with the options that the run began with, or give another output folder", told);
    }

    [Fact]
    public void A_checkpoint_that_can_not_be_written_leaves_the_older_ones()
    {
        string output = Output("run");
        Run(output, "ist", stopAfter: 13, resume: false);
        // A file where the unfinished folder would be.
        File.WriteAllText(Path.Combine(output, "checkpoint-20.tmp"), "");
        string told = Assert.Throws<RunException>(() => Run(output, "ist", stopAfter: null, resume: true)).Message;
        Assert.StartsWith($"{Path.Combine(output, "checkpoint-20")}: the checkpoint can't be written: ", told);
        Assert.True(Directory.Exists(Path.Combine(output, "checkpoint-13")));
    }

    [Fact]
    public void The_model_is_described_in_every_checkpoint()
    {
        string output = Output("run");
        Run(output, "ist", stopAfter: 13, resume: false);
        Assert.Equal("described", File.ReadAllText(Path.Combine(output, "checkpoint-13", "adapter_config.json")));
    }

    private string Output(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    private (RunOutcome Outcome, TrainingRun Run, Recorder Told) Run(
        string output, string policy, int? stopAfter, bool resume, bool kill = false, TrainingOptions? options = null, string dataHash = "abc")
    {
        using var trainer = new Trainer(_device, new TinyCausalLm(Layers, dropout: .1), TinyCausalLm.Widths, _data, options ?? Options, Policies.Of(policy, Layers));
        using var stop = new CancellationTokenSource();
        var told = new Recorder(stopAfter, stop, kill);
        var run = new TrainingRun(trainer, _heldOut, new TrainingRunOptions
        {
            Output = output,
            EvalEvery = 20,
            SaveEvery = 10,
            Identity = new Dictionary<string, object?> { ["data_hash"] = dataHash },
            DescribeModel = folder => File.WriteAllText(Path.Combine(folder, "adapter_config.json"), "described"),
        }, told);
        if (resume)
            run.Resume();
        return (run.Run(stop.Token), run, told);
    }

    private static string[] Rows(string output) => [.. File.ReadLines(Path.Combine(output, "metrics.jsonl")).Select(WithoutTimes)];

    private static string StateWithoutTimes(string output) => string.Join('\n',
        File.ReadLines(Path.Combine(output, "checkpoint-47", "trainer_state.json")).Where(line => !line.Contains("_runtime") && !line.Contains("_per_second")));

    private static string WithoutTimes(string row) => string.Join(' ',
        JsonDocument.Parse(row).RootElement.EnumerateObject().Where(p => p.Name is not ("tokens_per_second" or "milliseconds")).Select(p => p.ToString()));

    private sealed class Recorder(int? stopAfter, CancellationTokenSource stop, bool kill) : ITrainingObserver
    {
        public int Steps { get; private set; }

        public List<int> Evaluations { get; } = [];

        public List<string> Checkpoints { get; } = [];

        public List<string> Warnings { get; } = [];

        public void OnStep(in StepResult step, double tokensPerSecond)
        {
            Steps++;
            Assert.True(tokensPerSecond > 0);
            if (step.Step != stopAfter)
                return;
            if (kill)
                throw new OperationCanceledException();
            stop.Cancel();
        }

        public void OnEvaluation(int stepsDone, EvaluationResult result) => Evaluations.Add(stepsDone);

        public void OnCheckpoint(string folder) => Checkpoints.Add(folder);

        public void OnWarning(string message) => Warnings.Add(message);
    }
}
