using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ist.Cli.Tests.Support;
using Ist.Runtime.Devices;

namespace Ist.Cli.Tests;

/// <summary><c>ist plan</c>, and that runs take what it says.</summary>
public sealed class PlanTests : IDisposable
{
    // llama-mha: 3 layers of hidden 48 and intermediate 88, 4 heads of 12, vocabulary 307, tied to nothing.
    private const int Layers = 3, Hidden = 48, Intermediate = 88, Rank = 8, Rows = 16 * 32;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tells_bytes_and_operations_for_all_layers_and_for_ist()
    {
        JsonElement plan = Plan("--max-length", "32");

        Assert.Equal(("llama", Layers, 95472, 512), (plan.GetProperty("model_type").GetString(), Int(plan, "layers"), Int(plan, "parameters") - Int(plan, "trainable_parameters"), Int(plan, "tokens")));
        JsonElement all = plan.GetProperty("plans").GetProperty("all"), ist = plan.GetProperty("plans").GetProperty("ist");
        JsonElement bytes = all.GetProperty("bytes");
        Assert.Equal(95472 * 4, Int(bytes, "base_weights"));
        const int adapter = Rank * 2 * Hidden * 4; // A and B of one projection
        Assert.Equal(2 * Layers * adapter, Int(bytes, "adapters"));
        Assert.Equal(Int(bytes, "adapters"), Int(bytes, "gradients"));
        Assert.Equal(2 * Int(bytes, "adapters"), Int(bytes, "optimizer_state"));
        Assert.True(Int(ist.GetProperty("bytes"), "saved_activations") < Int(bytes, "saved_activations"));
        Assert.True(Int(ist.GetProperty("expected_bytes"), "saved_activations") < Int(ist.GetProperty("bytes"), "saved_activations"));
        Assert.Equal(Int(bytes, "total") + Int(plan, "runtime_bytes"), Int(all, "peak_resident_bytes"));
        Assert.Equal((3, 1), (Int(all, "active_layers"), Int(ist, "active_layers")));
        Assert.Equal((3, 3), (Int(all, "most_backward_depth"), Int(ist, "most_backward_depth")));
        // One of three layers alike: the depth is 1, 2 or 3.
        Assert.Equal((3.0, 2.0), (all.GetProperty("backward_depth").GetDouble(), Math.Round(ist.GetProperty("backward_depth").GetDouble(), 1)));
    }

    [Fact]
    public void Tells_what_a_card_stores_in_BF16() =>
        Assert.Equal((95472 - 7 * Hidden) * 2 + 7 * Hidden * 4, Int(Plan("--precision", "bf16").GetProperty("plans").GetProperty("all").GetProperty("bytes"), "base_weights"));

    [Fact]
    public void Counts_the_operations_of_matrix_products_and_attention()
    {
        JsonElement plan = Plan("--max-length", "32", "--target", "q_proj,v_proj").GetProperty("plans");
        JsonElement all = plan.GetProperty("all").GetProperty("flops"), forward = all.GetProperty("forward"), backward = all.GetProperty("backward");

        const long layer = 4L * Hidden * Hidden + 3 * Hidden * Intermediate, weights = 2 * Rows * layer * Layers;
        const long pairs = 16 * (32 * 33 / 2), product = 2 * pairs * Hidden * Layers;
        const long adapters = 2 * Rows * Layers * 2 * Rank * 2 * Hidden;
        Assert.Equal((weights, 2 * product, adapters, 2L * Rows * Hidden * 307), Pass(forward));
        Assert.Equal((weights, 5 * product, 2 * adapters, 2L * Rows * Hidden * 307), Pass(backward));
        long[] byLayer = Longs(all, "backward_by_layer");
        Assert.Equal(Long(backward, "total") - Long(backward, "head"), byLayer.Sum());
        Assert.All(byLayer, layerWork => Assert.Equal(byLayer[0], layerWork));
        Assert.Equal(Long(forward, "total") + Long(backward, "total"), Long(all, "total"));

        // One of three layers is drawn; the layers below it are not visited. An event each ten steps probes three times, each
        // set being a layer of its own; the passes for the upper two have the lowest layer in common.
        JsonElement ist = plan.GetProperty("ist").GetProperty("flops");
        Assert.Equal(Pass(forward), Pass(ist.GetProperty("forward")));
        long[] drawn = Longs(ist, "backward_by_layer");
        Assert.Equal(byLayer[0] / 3.0, drawn[0], byLayer[0] * 0.05);
        Assert.True(drawn[0] < drawn[1] && drawn[1] < drawn[2] && drawn[2] < byLayer[2]);
        double probes = 3 * Long(forward, "total") - (Long(forward, "total") - Long(forward, "head")) / 3.0;
        Assert.Equal(probes / 10, Long(ist, "probes"), Long(forward, "total") * 0.01);
        JsonElement firstOrder = Plan("--max-length", "32", "--target", "q_proj,v_proj", "--probe", "first-order").GetProperty("plans").GetProperty("ist").GetProperty("flops");
        Assert.Equal(0, Long(firstOrder, "probes"));
        Assert.Equal(Long(ist, "total") - Long(ist, "probes"), Long(firstOrder, "total"), 1.0);
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("dora")]
    [InlineData("vera")]
    [InlineData("ia3")]
    [InlineData("full")]
    public void Gradient_checkpointing_takes_less_memory_and_a_forward_pass_more(string method)
    {
        JsonElement plain = Plan("--method", method, "--sparse", "all").GetProperty("plans").GetProperty("all");
        JsonElement again = Plan("--method", method, "--sparse", "all", "--gradient-checkpointing").GetProperty("plans").GetProperty("all");

        Assert.True(Int(again.GetProperty("bytes"), "total") < Int(plain.GetProperty("bytes"), "total"));
        JsonElement forward = plain.GetProperty("flops").GetProperty("forward");
        Assert.Equal(
            Long(plain.GetProperty("flops").GetProperty("backward"), "total") + Long(forward, "total") - Long(forward, "head"),
            Long(again.GetProperty("flops").GetProperty("backward"), "total"));
    }

    [Fact]
    public void Full_fine_tuning_computes_the_gradients_of_weights_too()
    {
        JsonElement flops = Plan("--method", "full").GetProperty("plans").GetProperty("all").GetProperty("flops");
        Assert.Equal(2 * Long(flops.GetProperty("forward"), "layers"), Long(flops.GetProperty("backward"), "layers"));
        Assert.Equal(2 * Long(flops.GetProperty("forward"), "head"), Long(flops.GetProperty("backward"), "head"));
    }

    /// <summary>The passes that are counted touch no memory, in no layer of any family.</summary>
    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Every_family_can_be_planned(string checkpoint)
    {
        foreach (string method in (string[])["lora", "dora", "full"])
        {
            foreach (string[] more in (string[][])[[], ["--gradient-checkpointing"]])
            {
                JsonElement plans = Json(Command.Run(
                    ["plan", "--model", TinyModel.Golden(checkpoint), "--method", method, "--max-length", "16", "--json", .. more]).Succeeded().Output).GetProperty("plans");
                JsonElement all = plans.GetProperty("all"), ist = plans.GetProperty("ist");
                Assert.True(Long(ist.GetProperty("bytes"), "total") <= Long(all.GetProperty("bytes"), "total"), $"{checkpoint}, {method}");
                Assert.True(Long(all.GetProperty("flops").GetProperty("forward"), "layers") > 0 && Long(all.GetProperty("flops").GetProperty("forward"), "attention") > 0);
                Assert.True(Long(ist.GetProperty("flops").GetProperty("backward"), "total") < Long(all.GetProperty("flops").GetProperty("backward"), "total"));
            }
        }
    }

    public static TheoryData<string> Checkpoints => [.. Directory.GetDirectories(TinyModel.Golden("")).Select(d => Path.GetFileName(d)!)];

    [Fact]
    public void A_configuration_alone_will_do()
    {
        string folder = _folder["outline"];
        Directory.CreateDirectory(folder);
        File.Copy(TinyModel.Golden("llama-mha", "config.json"), Path.Combine(folder, "config.json"));

        JsonElement outline = Json(Command.Run("plan", "--model", folder, "--json").Succeeded().Output), whole = Plan();
        foreach (string sparse in (string[])["all", "ist"])
        {
            Assert.Equal(
                whole.GetProperty("plans").GetProperty(sparse).GetProperty("bytes").GetRawText(),
                outline.GetProperty("plans").GetProperty(sparse).GetProperty("bytes").GetRawText());
        }
    }

    [Fact]
    public void A_table_for_people()
    {
        string[] lines = Command.Run("plan", "--model", TinyModel.Golden(), "--micro-batch-size", "4", "--max-length", "32").Succeeded().Output.Split('\n');
        Assert.Contains("batch       16 rows of 32 tokens, 512 in a step, 4 rows at once", lines);
        Assert.Contains(lines, l => l.StartsWith("memory ", StringComparison.Ordinal) && l.EndsWith("ist         ist, mean         truncated", StringComparison.Ordinal));
        Assert.All(["base weights", "adapters", "gradients", "optimizer state", "saved activations", "scratch", "logits", "total", "forward: attention", "probes"],
            label => Assert.Contains(lines, l => l.StartsWith(label + "  ", StringComparison.Ordinal)));
    }

    /// <summary>
    /// With twelve layers of which three are trained, truncated to the highest four: the backward pass costs a third, so that a step takes
    /// (1 + 4 / 12) / 2 = 0.67 of the work of all, and the output head's share more; probes come on top of it.
    /// </summary>
    [Fact]
    public void Truncated_draws_take_three_quarters_of_the_work_and_less_than_six_tenths_of_what_is_saved()
    {
        Directory.CreateDirectory(_folder["twelve"]);
        File.WriteAllText(_folder["twelve", "config.json"], """
            {"model_type": "llama", "hidden_size": 1024, "intermediate_size": 2752, "num_hidden_layers": 12, "num_attention_heads": 16, "num_key_value_heads": 4,
             "vocab_size": 16384, "max_position_embeddings": 2048, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "hidden_act": "silu", "tie_word_embeddings": false,
             "torch_dtype": "float32"}
            """);
        string[] options = ["plan", "--model", _folder["twelve"], "--target", "q_proj,k_proj,v_proj,up_proj,down_proj", "--rank", "16", "--max-length", "256", "--json"];
        JsonElement plans = Json(Command.Run([.. options, "--truncate", "4", "--interval", "40"]).Succeeded().Output).GetProperty("plans");
        Assert.Equal(["all", "ist", "truncated"], plans.EnumerateObject().Select(p => p.Name));
        (JsonElement all, JsonElement ist, JsonElement top) = (plans.GetProperty("all"), plans.GetProperty("ist"), plans.GetProperty("truncated"));

        Assert.Equal((3, 4, 12), (Int(top, "active_layers"), Int(top, "most_backward_depth"), Int(ist, "most_backward_depth")));
        Assert.Equal(3.75, top.GetProperty("backward_depth").GetDouble(), 0.05); // The lowest of the four is in three draws of four.
        long work = Long(all.GetProperty("flops"), "total");
        Assert.InRange(Long(top.GetProperty("flops"), "most"), 0.5 * work, 0.75 * work);
        Assert.InRange(Long(top.GetProperty("flops"), "total"), 0.5 * work, Long(top.GetProperty("flops"), "most"));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0], Longs(top.GetProperty("flops"), "backward_by_layer")[..8]);
        long Saved(JsonElement plan) => Long(plan.GetProperty("bytes"), "saved_activations");
        Assert.InRange(Saved(top), 0.2 * Saved(all), 0.6 * Saved(all));
        // Without a number the plan shows a third of the layers.
        Assert.Equal(["all", "ist", "truncated"], Json(Command.Run(options).Succeeded().Output).GetProperty("plans").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void Freed_moments_are_planned_for_the_layers_of_a_step()
    {
        JsonElement plans = Plan("--state", "free").GetProperty("plans");
        Assert.Equal(Long(plans.GetProperty("all").GetProperty("bytes"), "optimizer_state"), 3 * Long(plans.GetProperty("ist").GetProperty("bytes"), "optimizer_state"));
    }

    [Theory]
    [InlineData("lisa", 2)]
    [InlineData("badam", 1)]
    [InlineData("random", 1)]
    [InlineData("gradient", 1)]
    public void Other_policies_are_planned_beside_all(string policy, int active)
    {
        JsonElement plans = Plan("--sparse", policy).GetProperty("plans");
        Assert.Equal(["all", policy], plans.EnumerateObject().Select(p => p.Name));
        Assert.Equal(active, Int(plans.GetProperty(policy), "active_layers"));
    }

    [Fact]
    public void An_adapters_settings_count()
    {
        JsonElement plan = Json(Command.Run("plan", "--model", TinyModel.Golden(), "--adapter", TinyModel.Golden("llama-mha", "peft", "lora"), "--json").Succeeded().Output);
        Assert.True(Int(plan, "trainable_parameters") > 0);
    }

    [Theory]
    [InlineData("lora", "all")]
    [InlineData("dora", "ist")]
    [InlineData("ia3", "random")]
    [InlineData("full", "ist")]
    [InlineData("lora", "ist", "--state", "free")]
    [InlineData("lora", "lisa", "--state", "free")]
    [InlineData("lora", "badam")]
    [InlineData("lora", "gradient")]
    [InlineData("full", "fixed", "--layers", "1,2")]
    public void A_run_plans_the_same(string method, string sparse, params string[] more)
    {
        string model = TinyModel.Create(_folder), data = _folder.Write("rows.jsonl", TinyModel.Rows(20));
        string[] options = ["--model", model, "--method", method, "--sparse", sparse, "--batch-size", "8", "--micro-batch-size", "4", .. more];
        Command.Run(["finetune", "--data", data, "--output", _folder["run"], "--steps", "2", .. options]).Succeeded();
        JsonElement planned = Json(File.ReadAllText(_folder["run", "run.json"])).GetProperty("planned_bytes");
        JsonElement plan = Json(Command.Run(["plan", "--json", "--max-length", "10", .. options]).Succeeded().Output).GetProperty("plans").GetProperty(sparse).GetProperty("bytes");

        foreach (JsonProperty kind in planned.EnumerateObject())
            Assert.Equal((kind.Name, kind.Value.GetInt64()), (kind.Name, plan.GetProperty(kind.Name == "parameters" ? "adapters" : kind.Name).GetInt64()));
    }

    [Fact]
    public void A_plan_beyond_the_memory_is_told_and_its_run_refused()
    {
        string model = TinyModel.Create(_folder), data = _folder.Write("rows.jsonl", TinyModel.Rows(20));
        Result told = Command.Run("plan", "--model", model, "--batch-size", "10000000");
        Assert.Equal(0, told.Code);
        Assert.Matches(@"^warning: more than the [\d.]+ [GM]iB of memory that are available would be taken by all [\d.]+ GiB, ist [\d.]+ GiB, truncated [\d.]+ GiB; give --micro-batch-size \d+", told.Error);

        Command.Run("finetune", "--model", model, "--data", data, "--output", _folder["run"], "--batch-size", "10000000")
            .Failed(2, "The run needs", "are available; give --micro-batch-size ", "--no-memory-check");
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public void A_card_that_is_not_here_is_planned_for_by_its_memory()
    {
        JsonElement plan = Plan("--card-memory", "1.5GiB"), all = plan.GetProperty("plans").GetProperty("all");
        Assert.Equal((3L << 29, 0, "a card with 1.50 GiB of free memory"), (Long(plan, "available_bytes"), Long(plan, "runtime_bytes"), plan.GetProperty("device").GetString()));
        Assert.Equal(Long(all.GetProperty("bytes"), "total"), Long(all, "peak_resident_bytes"));
        Assert.True(all.GetProperty("fits").GetBoolean());
        Assert.DoesNotContain("peak of the process", Command.Run("plan", "--model", TinyModel.Golden(), "--card-memory", "24GB").Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.5)]
    [InlineData(0.2)]
    [InlineData(0.04)]
    public void What_is_advised_where_a_plan_does_not_fit_does_fit(double share)
    {
        var options = new Dictionary<string, string> { ["--batch-size"] = "64", ["--max-length"] = "64", ["--sparse"] = "all" };
        double needed = Long(Plan(Words(options)).GetProperty("plans").GetProperty("all").GetProperty("bytes"), "total") / 1048576.0;
        options["--card-memory"] = string.Create(CultureInfo.InvariantCulture, $"{share * needed:F3}MiB");
        string told = Command.Run(["plan", "--model", TinyModel.Golden(), .. Words(options)]).Error;

        string[] advised = Regex.Match(told, "; give (.*)\n").Groups[1].Value.Split([", ", " or "], StringSplitOptions.None);
        Assert.Contains(advised, option => option.StartsWith("--micro-batch-size ", StringComparison.Ordinal));
        foreach (string option in advised)
        {
            var changed = new Dictionary<string, string>(options);
            foreach (Match given in Regex.Matches(option, @"(--[a-z-]+)(?: (\w+))?"))
                changed[given.Groups[1].Value] = given.Groups[2].Success ? given.Groups[2].Value : "true";
            Assert.True(Fits(changed), option);
            if (int.TryParse(option.Split(' ')[^1], CultureInfo.InvariantCulture, out int number) && number < 32 && option.Split(' ').Length == 2)
                Assert.False(Fits(new Dictionary<string, string>(changed) { [option.Split(' ')[0]] = $"{2 * number}" }), "twice " + option);
        }

        bool Fits(Dictionary<string, string> tried)
        {
            string text = Command.Run(["plan", "--model", TinyModel.Golden(), "--json", .. Words(tried)]).Output;
            return Json(text).GetProperty("plans").EnumerateObject().Last().Value.GetProperty("fits").GetBoolean();
        }

        static string[] Words(Dictionary<string, string> options) => [.. options.SelectMany(o => o.Value == "true" ? (string[])[o.Key] : [o.Key, o.Value])];
    }

    [Theory]
    [InlineData("--card-memory", "24", "--card-memory is '24'; expected a size such as 24GiB, 80GB or 512MiB.")]
    [InlineData("--method", "none", "--method is none, which trains nothing")]
    [InlineData("--max-length", "4096", "max-length is 4096, but the model in")]
    [InlineData("--data", "x", "unknown option '--data'")]
    [InlineData("--truncate", "4", "truncate is 4, but the model has 3 layers; give 1 to 3.")]
    [InlineData("--layers", "1", "--layers belongs to --sparse fixed, but it is ist; leave it out.")]
    public void Wrong_options_are_refused(string option, string value, string message) =>
        Command.Run("plan", "--model", TinyModel.Golden(), option, value).Failed(2, message);

    [Theory]
    [InlineData("lora", "all", false)]
    [InlineData("lora", "ist", true)]
    [InlineData("full", "all", false)]
    public void The_peak_of_a_process_is_the_plan_and_a_constant(string method, string sparse, bool recomputes)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs Linux, which tells the peak of a process");
        string model = TinyModel.Create(_folder);
        string data = _folder.Write("rows.jsonl", string.Concat(Enumerable.Range(0, 160).Select(i => $$"""{"text": "{{new string((char)('a' + i % 26), 126)}}"}""" + "\n")));
        Command.RunProcess([
            "finetune", "--model", model, "--data", data, "--output", _folder["run"], "--steps", "2", "--batch-size", "160", "--method", method, "--sparse", sparse,
            "--threads", "2", .. recomputes ? (string[])["--gradient-checkpointing"] : []]).Succeeded();
        JsonElement record = Json(File.ReadAllText(_folder["run", "run.json"]));
        long planned = record.GetProperty("planned_bytes").EnumerateObject().Sum(kind => kind.Value.GetInt64()), peak = record.GetProperty("peak_bytes").GetInt64();

        Assert.InRange(planned, recomputes ? 40L << 20 : 150L << 20, long.MaxValue); // Enough for it to tell.
        Assert.InRange(peak, planned, (long)(1.1 * planned) + HostMemory.RuntimeBytes(threads: 2));
    }

    /// <summary>Adapters of rank 8192: the moments of two layers that are left out are 104 MiB, by plan and by the process's peak.</summary>
    [Fact]
    public void Freed_moments_leave_the_memory_of_the_process()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("needs Linux, which tells the peak of a process");
        string model = TinyModel.Create(_folder), data = _folder.Write("rows.jsonl", TinyModel.Rows(20));
        (long Planned, long Peak) Taken(string state)
        {
            Command.RunProcess(
                "finetune", "--model", model, "--data", data, "--output", _folder[state], "--steps", "9", "--batch-size", "2", "--rank", "8192", "--target", "all-linear",
                "--sparse", "badam", "--interval", "3", "--state", state, "--threads", "2").Succeeded();
            JsonElement record = Json(File.ReadAllText(_folder[state, "run.json"]));
            return (record.GetProperty("planned_bytes").GetProperty("optimizer_state").GetInt64(), record.GetProperty("peak_bytes").GetInt64());
        }

        (long Planned, long Peak) keep = Taken("keep"), free = Taken("free");
        const long layer = 2 * 4 * 8192 * (4 * (Hidden + Hidden) + 3 * (Hidden + Intermediate));
        Assert.Equal(2 * layer, keep.Planned - free.Planned);
        Assert.InRange(keep.Peak - free.Peak, 1.7 * layer, 2.3 * layer);
    }

    private static JsonElement Plan(params string[] options) => Json(Command.Run(["plan", "--model", TinyModel.Golden(), "--json", .. options]).Succeeded().Output);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static int Int(JsonElement element, string key) => element.GetProperty(key).GetInt32();

    private static long Long(JsonElement element, string key) => element.GetProperty(key).GetInt64();

    private static long[] Longs(JsonElement element, string key) => [.. element.GetProperty(key).EnumerateArray().Select(e => e.GetInt64())];

    private static (long Layers, long Attention, long Adapters, long Head) Pass(JsonElement pass) =>
        (Long(pass, "layers"), Long(pass, "attention"), Long(pass, "adapters"), Long(pass, "head"));
}
