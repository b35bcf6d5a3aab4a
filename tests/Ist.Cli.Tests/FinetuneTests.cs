using System.Text.Json;
using System.Text.RegularExpressions;
using Ist.Cli.Tests.Support;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;

namespace Ist.Cli.Tests;

/// <summary>Whole runs of <c>ist finetune</c> on a tiny model.</summary>
public sealed class FinetuneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _data;

    public FinetuneTests()
    {
        _model = TinyModel.Create(_folder);
        _data = _folder.Write("rows.jsonl", TinyModel.Rows(60));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_tells_what_it_will_do_and_lowers_the_held_out_loss()
    {
        Result result = Finetune("run", "--steps", "30", "--lr", "2e-2", "--target", "all-linear", "--sparse", "ist", "--eval-fraction", "0.2", "--sample-prompt", "a0 =>").Succeeded();

        // 3 layers of hidden 48 and intermediate 88: four adapters [8, 48] + [48, 8], two [8, 48] + [88, 8], one [8, 88] + [48, 8].
        const int adapters = 3 * 8 * (4 * (48 + 48) + 3 * (48 + 88));
        string[] lines = result.Output.Split('\n');
        Assert.Contains("CPU, ", Labelled(lines, "device"), StringComparison.Ordinal);
        Assert.StartsWith("llama, 3 layers, 95,472 parameters, F32", Labelled(lines, "model"), StringComparison.Ordinal);
        Assert.StartsWith("48 rows, ", Labelled(lines, "data"), StringComparison.Ordinal);
        Assert.Contains("240 of them trained", Labelled(lines, "data"), StringComparison.Ordinal);
        Assert.StartsWith("12 rows, ", Labelled(lines, "held out"), StringComparison.Ordinal);
        Assert.Matches(@"^model\.layers\.\*\.self_attn\.q_proj +3  LoRA r=8 alpha=16", Labelled(lines, "slots"));
        Assert.StartsWith(FormattableString.Invariant($"{adapters:N0} of {95472 + adapters:N0} parameters ("), Labelled(lines, "trainable"), StringComparison.Ordinal);
        Assert.Equal("1 of 3 trained in a step, by importance (ist)", Labelled(lines, "layers"));
        Assert.Contains("optimizer state", Labelled(lines, "memory"), StringComparison.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("before      a0 =>", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("after       a0 =>", StringComparison.Ordinal));
        Assert.Matches(@"step 30/30  loss \d+\.\d{4}  lr 6\.67e-4  [\d,]+ tokens/s  layers 1/3  ETA 0:00", result.Output);

        JsonElement record = Json("run", "run.json");
        (double before, double after) = (record.GetProperty("eval_loss_before").GetDouble(), record.GetProperty("eval_loss_after").GetDouble());
        Assert.True(after < 0.7 * before, $"{before} -> {after}");
        Assert.Contains(FormattableString.Invariant($"loss {before:F4} -> {after:F4}"), lines.Last(l => l.StartsWith("held out", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_leaves_a_peft_folder_metrics_state_and_record()
    {
        Finetune("run", "--steps", "20", "--sparse", "ist", "--eval-data", _data, "--eval-every", "10", "--seed", "7").Succeeded();

        Assert.Equal(
            ["adapter_config.json", "adapter_model.safetensors", "ist_state.json", "metrics.jsonl", "run.json"],
            Directory.GetFileSystemEntries(_folder["run"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        JsonElement adapter = Json("run", "adapter_config.json");
        Assert.Equal("LORA", adapter.GetProperty("peft_type").GetString());
        Assert.Equal("CAUSAL_LM", adapter.GetProperty("task_type").GetString());
        Assert.Equal(["q_proj", "v_proj"], adapter.GetProperty("target_modules").EnumerateArray().Select(e => e.GetString()));
        JsonElement[] metrics = [.. File.ReadLines(_folder["run", "metrics.jsonl"]).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal([0, 10, 20], metrics.Where(m => m.TryGetProperty("eval_loss", out _)).Select(m => m.GetProperty("step").GetInt32()));
        Assert.Equal(Enumerable.Range(1, 20), metrics.Where(m => m.TryGetProperty("grad_norm", out _)).Select(m => m.GetProperty("step").GetInt32()));
        JsonElement state = Json("run", "ist_state.json");
        Assert.Equal(20, state.GetProperty("counts").EnumerateArray().Sum(c => c.GetInt32()));
        JsonElement record = Json("run", "run.json");
        Assert.Equal("completed", record.GetProperty("status").GetString());
        Assert.Equal(32, record.GetProperty("data_hash").GetString()!.Length);
        Assert.Equal(32, record.GetProperty("model_hash").GetString()!.Length);
        Assert.True(record.GetProperty("peak_bytes").GetInt64() > 10_000_000);
        Assert.Equal(95472 * 4, record.GetProperty("planned_bytes").GetProperty("base_weights").GetInt64());
        JsonElement config = record.GetProperty("config");
        Assert.Equal((7, 20, 1, 128), (config.GetProperty("seed").GetInt32(), config.GetProperty("steps").GetInt32(), config.GetProperty("active_layers").GetInt32(), config.GetProperty("max_length").GetInt32()));
    }

    [Theory]
    [InlineData("--sparse", "ist")]
    [InlineData("--method", "dora")]
    public void Gradient_checkpointing_changes_no_bit(string option, string value)
    {
        string[] options = ["--steps", "12", "--lr", "1e-2", "--target", "all-linear", "--dropout", "0.1", "--micro-batch-size", "5", option, value];
        Finetune("plain", options).Succeeded();
        Finetune("again", [.. options, "--gradient-checkpointing"]).Succeeded();

        Assert.Equal(File.ReadAllBytes(_folder["plain", "adapter_model.safetensors"]), File.ReadAllBytes(_folder["again", "adapter_model.safetensors"]));
        long Planned(string run) => Json(run, "run.json").GetProperty("planned_bytes").GetProperty("saved_activations").GetInt64();
        Assert.True(Planned("again") < Planned("plain"));
    }

    [Theory]
    [InlineData("random", "--active-layers 2 --truncate 2", "2 of 3 trained in a step, at random; of the highest 2 alone")]
    [InlineData("ist", "--candidates 2 --suppressed-layers 1 --suppression 0.5 --step-size 3 --probe-rows 5 --interval 1 --draw top --state clear", "1 of 3 trained in a step, by importance (ist)")]
    [InlineData("ist", "--sparse-warmup-steps 1 --truncate 2", "1 of 3 trained in a step, by importance (ist); all in the first 1; of the highest 2 alone")]
    [InlineData("ist", "--probe first-order --interval 1", "1 of 3 trained in a step, by importance (ist); probes of first order")]
    [InlineData("ist-flipped", "--interval 1 --state free", "1 of 3 trained in a step, by reversed importance (ist-flipped)")]
    [InlineData("lisa", "--interval 1", "2 of 3 trained in a step, at random, the same for 1 steps (lisa)")]
    [InlineData("badam", "--interval 1 --block-order descending", "1 of 3 trained in a step, one after another for 1 steps each (badam)")]
    [InlineData("fixed", "--layers 0,2", "2 of 3 trained in a step, always the same")]
    [InlineData("gradient", "--gradient-decay 0.5 --exploration 0.3", "1 of 3 trained in a step, by their gradients")]
    public void The_recorded_configuration_runs_again_to_the_same_adapter(string policy, string settings, string told)
    {
        string[] options = ["--epochs", "0.5", "--sparse", policy, .. settings.Split(' '), "--seed", "18446744073709551615"];
        Assert.Equal(told, Labelled(Finetune("first", options).Succeeded().Output.Split('\n'), "layers"));
        string config = _folder.Write("again.json", Json("first", "run.json").GetProperty("config").GetRawText());

        Command.Run("finetune", config, "--output", _folder["second"]).Succeeded();

        Assert.Equal(2, Json("second", "run.json").GetProperty("steps_done").GetInt32());
        AssertSameAdapter("first", "second");
        Assert.Equal(
            Json("first", "run.json").GetProperty("config").GetRawText(),
            Json("second", "run.json").GetProperty("config").GetRawText().Replace(_folder["second"], _folder["first"], StringComparison.Ordinal));
    }

    [Fact]
    public void A_profile_tells_phases_kernels_and_products()
    {
        string output = Finetune("run", "--steps", "2", "--profile").Succeeded().Output;

        Assert.Contains("profile of 2 steps", output, StringComparison.Ordinal);
        foreach (string row in (string[])["optimizer", "SoftmaxAttention.Backward, backward", "CrossEntropy, loss", "between kernels", "product, m x n x k"])
            Assert.Contains(row, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_leave_the_result_as_it_is()
    {
        Finetune("one", "--steps", "4", "--threads", "1").Succeeded();
        Finetune("two", "--steps", "4", "--threads", "2").Succeeded();

        AssertSameAdapter("one", "two");
    }

    [Fact]
    public void A_folder_with_a_run_is_refused_and_left_alone()
    {
        Finetune("run", "--steps", "1").Succeeded();
        byte[] adapter = File.ReadAllBytes(_folder["run", "adapter_model.safetensors"]);

        Finetune("run", "--steps", "2").Failed(2, _folder["run"], "the output folder holds adapter_model.safetensors already; add --resume to go on with that run, or give another folder");

        Assert.Equal(adapter, File.ReadAllBytes(_folder["run", "adapter_model.safetensors"]));
    }

    [Fact]
    public void A_folder_with_other_files_is_taken()
    {
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(_folder["run", "notes.txt"], "mine");

        Finetune("run", "--steps", "1").Succeeded();

        Assert.Equal("mine", File.ReadAllText(_folder["run", "notes.txt"]));
    }

    [Fact]
    public void Resuming_a_run_with_another_rank_is_refused()
    {
        Finetune("run", "--steps", "2", "--save-every", "1").Succeeded();

        Finetune("run", "--steps", "2", "--save-every", "1", "--rank", "4", "--resume").Failed(2, "rank", "8", "4");
    }

    [Theory]
    [InlineData("--interval", "5", "'interval' is 10, but this run has 5")]
    [InlineData("--truncate", "2", "'truncate' is null, but this run has 2")]
    [InlineData("--state", "clear", "'state' is \"keep\", but this run has \"clear\"")]
    public void Resuming_a_run_with_another_selection_is_refused(string option, string value, string message)
    {
        Finetune("run", "--steps", "2", "--save-every", "1", "--sparse", "ist", "--suppressed-layers", "1").Succeeded();

        Finetune("run", "--steps", "2", "--save-every", "1", "--sparse", "ist", "--suppressed-layers", "1", "--resume", option, value).Failed(2, message);
    }

    [Fact]
    public void Truncation_is_refused_where_something_below_the_layers_is_trained() =>
        Finetune("run", "--steps", "2", "--method", "full", "--sparse", "ist", "--truncate", "2").Failed(2, "truncate is 2, but the method trains what lies below the layers too");

    [Fact]
    public void Resuming_a_run_with_other_weights_is_refused()
    {
        Finetune("run", "--steps", "2", "--save-every", "1").Succeeded();
        string weights = Path.Combine(_model, "model.safetensors");
        RawSafeTensors.EditBytes(weights, bytes =>
        {
            bytes[^3] ^= 1;
            return bytes;
        });

        Finetune("run", "--steps", "2", "--save-every", "1", "--resume").Failed(2, "model_hash");
    }

    [Fact]
    public void A_resumed_run_equals_one_that_was_never_stopped()
    {
        string[] options = ["--steps", "25", "--sparse", "ist", "--dropout", "0.1", "--eval-fraction", "0.2", "--eval-every", "5", "--save-every", "10"];
        Finetune("whole", options).Succeeded();
        Finetune("cut", options).Succeeded();
        // As if killed after step 20: metrics of later steps are there, but neither a later checkpoint nor the end.
        Directory.Delete(_folder["cut", "checkpoint-25"], recursive: true);
        File.Delete(_folder["cut", "adapter_model.safetensors"]);

        Result resumed = Finetune("cut", [.. options, "--resume"]).Succeeded();

        Assert.Contains("goes on after step 20", resumed.Output, StringComparison.Ordinal);
        AssertSameAdapter("whole", "cut");
        Assert.Equal(Metrics("whole"), Metrics("cut"));
        Assert.Equal(File.ReadAllText(_folder["whole", "ist_state.json"]), File.ReadAllText(_folder["cut", "ist_state.json"]));
        Assert.Equal(Json("whole", "run.json").GetProperty("eval_loss_after").GetDouble(), Json("cut", "run.json").GetProperty("eval_loss_after").GetDouble());
    }

    [Fact]
    public void Full_fine_tuning_from_random_weights_leaves_a_model_that_the_other_commands_take()
    {
        Finetune("pretrained", "--method", "full", "--init", "random", "--steps", "20", "--lr", "1e-2", "--train-on-prompt", "--eval-data", _data).Succeeded();

        Result evaluated = Command.Run("evaluate", "--model", _folder["pretrained"], "--data", _data, "--train-on-prompt", "--json").Succeeded();
        double loss = JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("loss").GetDouble();
        Assert.Equal(Json("pretrained", "run.json").GetProperty("eval_loss_after").GetDouble(), loss, 1e-6);
        Assert.True(loss < 4, $"a loss of {loss}, where chance is log(307) = 5.7");
        Assert.Equal(File.ReadAllText(Path.Combine(_model, "config.json")), File.ReadAllText(_folder["pretrained", "config.json"]));
        Command.Run("generate", "--model", _folder["pretrained"], "--prompt", "a0 =>", "--max-new-tokens", "5").Succeeded();
    }

    [Fact]
    public void A_model_that_was_trained_whole_keeps_the_precision_of_its_configuration()
    {
        string config = Path.Combine(_model, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("float32", "bfloat16", StringComparison.Ordinal));

        Finetune("run", "--method", "full", "--steps", "20", "--lr", "1e-2", "--save-every", "20", "--eval-data", _data).Succeeded();

        using var model = new SafeTensorsFile(_folder["run", "model.safetensors"]);
        using var checkpoint = new SafeTensorsFile(_folder["run", "checkpoint-20", "model.safetensors"]);
        Assert.All(model.Tensors.Values, tensor => Assert.Equal(DType.BF16, tensor.DType));
        Assert.All(checkpoint.Tensors.Values, tensor => Assert.Equal(DType.F32, tensor.DType));
        Result evaluated = Command.Run("evaluate", "--model", _folder["run"], "--data", _data, "--json").Succeeded();
        // Rounding to 8 bits of mantissa moves the loss a little.
        Assert.Equal(Json("run", "run.json").GetProperty("eval_loss_after").GetDouble(), JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("loss").GetDouble(), 0.02);
    }

    [Fact]
    public void An_adapter_is_taken_by_evaluate_with_the_loss_that_training_told()
    {
        Finetune("run", "--steps", "10", "--lr", "1e-2", "--eval-data", _data, "--target", "all-linear").Succeeded();

        Result evaluated = Command.Run("evaluate", "--model", _model, "--adapter", _folder["run"], "--data", _data, "--json").Succeeded();

        JsonElement json = JsonDocument.Parse(evaluated.Output).RootElement;
        Assert.Equal(Json("run", "run.json").GetProperty("eval_loss_after").GetDouble(), json.GetProperty("loss").GetDouble(), 1e-6);
        Assert.Equal(300, json.GetProperty("tokens").GetInt32());
        // peft saves a list where all-linear was asked for.
        Assert.Equal(
            ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"],
            Json("run", "adapter_config.json").GetProperty("target_modules").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(Math.Exp(json.GetProperty("loss").GetDouble()), json.GetProperty("perplexity").GetDouble(), 1e-9);
    }

    [Theory]
    [InlineData("dora", new[] { "q_proj", "v_proj" }, "lora_magnitude_vector", 48L)]
    [InlineData("ia3", new[] { "down_proj", "k_proj", "v_proj" }, "ia3_l", 48L, 1L)]
    public void Other_adapters_are_written_as_peft_has_them_and_taken_again(string method, string[] targets, string tensor, params long[] shape)
    {
        string[] options = ["--method", method, "--steps", "10", "--lr", "3e-2", "--eval-data", _data, "--sparse", "ist", "--save-every", "5"];
        Finetune("run", options).Succeeded();

        JsonElement config = Json("run", "adapter_config.json"), record = Json("run", "run.json");
        Assert.Equal(targets, config.GetProperty("target_modules").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(targets, record.GetProperty("config").GetProperty("target").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(method, record.GetProperty("config").GetProperty("method").GetString());
        if (method == "dora")
            Assert.True(config.GetProperty("use_dora").GetBoolean());
        else
            Assert.Equal(["down_proj"], config.GetProperty("feedforward_modules").EnumerateArray().Select(e => e.GetString()));
        using (var file = new SafeTensorsFile(_folder["run", "adapter_model.safetensors"]))
            Assert.Equal(shape, file.Tensors[$"base_model.model.model.layers.1.self_attn.v_proj.{tensor}"].Shape);
        double before = record.GetProperty("eval_loss_before").GetDouble(), after = record.GetProperty("eval_loss_after").GetDouble();
        Assert.True(after < before, $"{before} -> {after}");

        Result evaluated = Command.Run("evaluate", "--model", _model, "--adapter", _folder["run"], "--data", _data, "--json").Succeeded();
        Assert.Equal(after, JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("loss").GetDouble(), 1e-6);
        Command.Run("generate", "--model", _model, "--adapter", _folder["run"], "--prompt", "a0 =>", "--max-new-tokens", "3").Succeeded();

        Finetune("cut", options).Succeeded();
        Directory.Delete(_folder["cut", "checkpoint-10"], recursive: true);
        Finetune("cut", [.. options, "--resume"]).Succeeded();
        AssertSameAdapter("run", "cut");
    }

    [Theory]
    [InlineData("prefix", "--sparse", "ist", "--num-virtual-tokens", "5")]
    [InlineData("prefix", "--sparse", "ist", "--num-virtual-tokens", "5", "--prefix-projection", "--encoder-hidden-size", "16")]
    [InlineData("prompt", "--num-virtual-tokens", "5")]
    [InlineData("prompt", "--num-virtual-tokens", "5", "--prompt-tuning-init", "SAMPLE_VOCAB")]
    [InlineData("prompt", "--num-virtual-tokens", "5", "--prompt-tuning-init", "TEXT", "--prompt-tuning-init-text", "a =>")]
    public void Virtual_tokens_are_written_as_peft_has_them_and_taken_again(string method, params string[] more)
    {
        string[] options = ["--method", method, "--steps", "10", "--lr", "3e-2", "--eval-data", _data, "--save-every", "5", "--sample-prompt", "a0 =>", .. more];
        Result result = Finetune("run", options).Succeeded();

        JsonElement config = Json("run", "adapter_config.json"), record = Json("run", "run.json");
        JsonElement stored = JsonDocument.Parse(File.ReadAllText(TinyModel.Golden("llama-mha", "peft", more.Contains("--prefix-projection") ? "prefix_proj" : method, "adapter_config.json"))).RootElement;
        string[] free = ["base_model_name_or_path", "encoder_hidden_size", "prompt_tuning_init", "prompt_tuning_init_text", "tokenizer_name_or_path"];
        Assert.Equal(stored.EnumerateObject().Select(field => field.Name), config.EnumerateObject().Select(field => field.Name));
        foreach (JsonProperty field in stored.EnumerateObject().Where(field => !free.Contains(field.Name)))
            Assert.Equal(field.Value.ToString(), config.GetProperty(field.Name).ToString());
        using (var file = new SafeTensorsFile(_folder["run", "adapter_model.safetensors"]))
            Assert.Equal([5L, method == "prompt" ? 48L : 3 * 2 * 48], Assert.Single(file.Tensors, t => t.Key == "prompt_embeddings").Value.Shape);
        double before = record.GetProperty("eval_loss_before").GetDouble(), after = record.GetProperty("eval_loss_after").GetDouble();
        Assert.True(after < before, $"{before} -> {after}");
        Assert.Contains(method == "prompt" ? "prompt of 5 virtual tokens" : "prefix of 5 keys and values", result.Output, StringComparison.Ordinal);

        Result evaluated = Command.Run("evaluate", "--model", _model, "--adapter", _folder["run"], "--data", _data, "--json").Succeeded();
        Assert.Equal(after, JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("loss").GetDouble(), 1e-6);
        Command.Run("generate", "--model", _model, "--adapter", _folder["run"], "--prompt", "a0 =>", "--max-new-tokens", "3").Succeeded();

        Finetune("cut", options).Succeeded();
        Directory.Delete(_folder["cut", "checkpoint-10"], recursive: true);
        Finetune("cut", [.. options, "--resume"]).Succeeded();
        AssertSameAdapter("run", "cut");
    }

    [Fact]
    public void A_text_s_embeddings_are_the_prompt_s_beginning()
    {
        Finetune("run", "--method", "prompt", "--num-virtual-tokens", "5", "--prompt-tuning-init", "TEXT", "--prompt-tuning-init-text", "abc", "--steps", "1", "--lr", "1e-12").Succeeded();

        using var file = new SafeTensorsFile(_folder["run", "adapter_model.safetensors"]);
        using var model = new SafeTensorsFile(Path.Combine(_model, "model.safetensors"));
        float[] prompt = new float[5 * 48], table = new float[307 * 48];
        file.CopyTo(file.Tensors["prompt_embeddings"], prompt);
        model.CopyTo(model.Tensors["model.embed_tokens.weight"], table);
        int[] ids = ['a', 'b', 'c', 'a', 'b'];
        for (int i = 0; i < ids.Length; i++)
            Assert.Equal(table[(ids[i] * 48)..(ids[i] * 48 + 48)], prompt[(i * 48)..(i * 48 + 48)]);
    }

    [Fact]
    public void Virtual_tokens_take_positions_from_texts()
    {
        Finetune("run", "--method", "prefix", "--num-virtual-tokens", "100", "--max-length", "29", "--steps", "1")
            .Failed(2, "max-length is 29", "28 positions for a text");
        Finetune("run", "--method", "prompt", "--num-virtual-tokens", "127", "--steps", "1")
            .Failed(2, "num_virtual_tokens is 127, but the model has 128 positions for these and a text");
    }

    [Fact]
    public void An_adapter_of_another_model_is_refused()
    {
        foreach (string adapter in (string[])["prefix", "prompt"])
        {
            Command.Run("evaluate", "--model", _model, "--adapter", TinyModel.Golden("llama-gqa-tied-rope3", "peft", adapter), "--data", _data)
                .Failed(2, "token_dim", "this model needs 48; the adapter is of another model");
        }
    }

    /// <summary>Rows of 10 tokens (`a0 =>`, ` aaa` and the end), three of which fit into 32.</summary>
    [Theory]
    [InlineData("lora", 20)]
    [InlineData("prefix", 20)]
    [InlineData("prompt", 30)]
    public void Examples_are_packed_into_rows(string method, int rows)
    {
        string[] options = method == "lora" ? [] : ["--num-virtual-tokens", "4"];
        string config = _folder.Write("packed.yaml", "packing: true\nmax_length: 32\nbatch_size: 8\nepochs: 2");
        Result result = Command.Run(["finetune", config, "--model", _model, "--data", _data, "--output", _folder["run"], "--method", method, .. options]).Succeeded();

        string[] lines = result.Output.Split('\n');
        Assert.StartsWith("60 rows, 600 tokens", Labelled(lines, "data"), StringComparison.Ordinal);
        double padding = 1 - 600 / (rows * 32.0);
        Assert.Equal(FormattableString.Invariant($"60 examples into {rows} rows of 32 tokens, {100 * padding:0.#} % padding"), Labelled(lines, "packed"));
        int steps = (int)Math.Ceiling(2 * rows / 8.0);
        Assert.StartsWith($"{steps} steps of 8 rows", Labelled(lines, "run"), StringComparison.Ordinal);
        JsonElement record = Json("run", "run.json");
        Assert.Equal((60, rows), (record.GetProperty("rows").GetInt32(), record.GetProperty("packed_rows").GetInt32()));
        Assert.Equal(padding, record.GetProperty("padding").GetDouble(), 1e-4);
        Assert.True(record.GetProperty("config").GetProperty("packing").GetBoolean());
        Assert.Equal(steps, record.GetProperty("steps_done").GetInt32());
    }

    [Fact]
    public void Cut_rows_are_told_once()
    {
        Result result = Finetune("run", "--steps", "3", "--max-length", "8");

        Assert.Equal(0, result.Code);
        Assert.Equal("warning: 60 rows are longer than 8 tokens and lose their end; raise --max-length to keep it" + Environment.NewLine, result.Error);
        Assert.Contains("60 rows cut to 8 tokens", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_screen_gets_a_bar_with_colours_unless_they_are_unwanted(bool hasColors)
    {
        Result result = Command.Run(isInteractive: true, hasColors, "finetune", "--model", _model, "--data", _data, "--output", _folder["run"], "--steps", "3", "--eval-data", _data).Succeeded();

        Assert.Contains("step 3/3", result.Output, StringComparison.Ordinal);
        Assert.Contains("\e[", result.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(hasColors ? "^$" : @"\e\[[0-9;]*3[0-9]", result.Output);
        Assert.Matches(@"held out    loss \d", result.Output);
    }

    private Result Finetune(string output, params string[] more) =>
        Command.Run(["finetune", "--model", _model, "--data", _data, "--output", _folder[output], .. more]);

    private JsonElement Json(params string[] parts) => JsonDocument.Parse(File.ReadAllText(_folder[parts])).RootElement;

    private void AssertSameAdapter(string one, string other) =>
        Assert.Equal(File.ReadAllBytes(_folder[one, "adapter_model.safetensors"]), File.ReadAllBytes(_folder[other, "adapter_model.safetensors"]));

    private static string Labelled(string[] lines, string label) =>
        Assert.Single(lines, l => l.StartsWith(label.PadRight(12), StringComparison.Ordinal) && !l.Contains("->", StringComparison.Ordinal))[12..].TrimEnd();

    private string[] Metrics(string output) =>
        [.. File.ReadLines(_folder[output, "metrics.jsonl"]).Select(line => Regex.Replace(line, "\"(tokens_per_second|milliseconds)\":[^,]*,", ""))];
}
