using System.Diagnostics;
using System.Text.Json;
using Ist.Cli.Tests.Support;
using Ist.GpuSupport;
using Ist.Ptx;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;

namespace Ist.Cli.Tests;

/// <summary><c>--device</c>, on machines with a card and without. The card executes PTX on the host, in the command's own process.</summary>
public sealed class DeviceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _data;

    public DeviceTests()
    {
        _model = TinyModel.Create(_folder);
        _data = _folder.Write("rows.jsonl", TinyModel.Rows(8));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_driver_a_card_is_refused_and_auto_says_that_it_takes_the_processor()
    {
        using IlgpuDevice? card = IlgpuDevice.OpenOrNull(0, out _);
        Assert.SkipWhen(card is not null, "This machine has a CUDA card.");
        Command.Run(Arguments("cuda")).Failed(2, "--device cuda can't be had: no CUDA driver", "give --device cpu");
        Assert.False(Directory.Exists(_folder["cuda"]));
        string told = Command.Run(Arguments("auto")).Succeeded().Output;
        Assert.Single(told.Split('\n'), line => line.Contains("device", StringComparison.Ordinal) && line.Contains("CPU, ", StringComparison.Ordinal) && line.Contains("(no CUDA driver", StringComparison.Ordinal));
    }

    [Fact]
    public void A_card_trains_with_IST_what_the_processor_trains()
    {
        string[] sparse = ["--sparse", "ist", "--interval", "2", "--probe-rows", "4", "--lr", "0.01", "--target", "all-linear"];
        string told = OnCard([.. Arguments("cuda"), "--products", "own", .. sparse]).Succeeded().Output;
        Assert.Contains(", products by own kernels\n", told, StringComparison.Ordinal);
        Command.Run([.. Arguments("cpu"), .. sparse]).Succeeded();

        // Measured: 7.1e-8 in losses of about 7, 1.3e-7 in an adapter's values.
        JsonElement[] expected = Metrics("cpu"), actual = Metrics("cuda");
        Assert.Equal((3, 3), (expected.Length, actual.Length));
        Assert.True(expected[2].TryGetProperty("probe", out _));
        foreach ((JsonElement one, JsonElement other) in expected.Zip(actual))
        {
            Assert.Equal(one.GetProperty("loss").GetDouble(), other.GetProperty("loss").GetDouble(), 5e-7);
            Assert.Equal(one.GetProperty("active_layers").ToString(), other.GetProperty("active_layers").ToString());
        }
        using SafeTensorsFile own = new(Adapter("cpu")), its = new(Adapter("cuda"));
        Assert.Equal(own.Tensors.Keys, its.Tensors.Keys);
        foreach (TensorEntry tensor in own.Tensors.Values)
        {
            Assert.All(Floats(own, tensor.Name).Zip(Floats(its, tensor.Name)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    [Fact]
    public void A_text_goes_on_as_on_the_processor()
    {
        string[] arguments = ["generate", "--model", _model, "--prompt", "a", "--max-new-tokens", "6"];
        string expected = Command.Run([.. arguments, "--device", "cpu"]).Succeeded().Output;
        Assert.Equal(expected, OnCard([.. arguments, "--device", "cuda"]).Succeeded().Output);
    }

    [Fact]
    public void A_trace_is_the_processors()
    {
        string batch = _folder["batch.safetensors"];
        var writer = new SafeTensorsWriter();
        writer.Add<long>("input_ids", [2, 4], new long[] { 5, 6, 7, 8, 9, 10, 11, 12 });
        writer.Add<long>("attention_mask", [2, 4], new long[] { 1, 1, 1, 1, 1, 1, 1, 1 });
        writer.Add<long>("labels", [2, 4], new long[] { 5, 6, 7, 8, -100, 10, 11, 12 });
        writer.Save(batch);
        Command.Run(Arguments("cpu", steps: 1)).Succeeded();
        foreach (string[] which in (string[][])[["--gradients", "all"], ["--adapter", _folder["cpu"]]])
        {
            string[] arguments = ["trace", "--model", _model, "--input", batch, .. which];
            Command.Run([.. arguments, "--device", "cpu", "--output", _folder["own"]]).Succeeded();
            OnCard([.. arguments, "--device", "cuda", "--output", _folder["its"]]).Succeeded();
            // Measured: 1.9e-6 of the largest entry, in a gradient.
            Near(_folder["own"], _folder["its"], 5e-6);
        }
        OnCard(["trace", "--model", _model, "--adapter", _folder["cpu"], "--gradients", "none", "--input", batch, "--device", "cuda", "--precision", "bf16", "--output", _folder["rounded"]]).Succeeded();
        using SafeTensorsFile exact = new(_folder["own"]), rounded = new(_folder["rounded"]);
        Assert.Equal(["logits", "loss"], rounded.Tensors.Keys.Order());
        Assert.NotEqual(Floats(exact, "logits"), Floats(rounded, "logits"));
    }

    [Fact]
    public void Tasks_are_answered_and_samples_written_as_on_the_processor()
    {
        string rows = _folder.Write("task.jsonl", string.Concat(Enumerable.Range(0, 4).Select(i => $$"""{"question": "{{new string('q', 1 + i)}}", "options": ["yes", "no way"], "right": {{i % 2}}}""" + "\n")));
        string task = _folder.Write("choose.yaml", """
            kind: multiple_choice
            prompt: "Q: {question}\nA:"
            choices_field: options
            answer: right
            pattern: "[a-z]+"
            max_new_tokens: 3
            """);
        foreach (string kind in (string[])["multiple_choice", "generation"])
        {
            string[] arguments = ["evaluate", "--model", _model, "--task", task, "--kind", kind, "--data", rows, "--json"];
            string expected = Command.Run([.. arguments, "--device", "cpu"]).Succeeded().Output;
            Assert.Equal(expected, OnCard([.. arguments, "--device", "cuda"]).Succeeded().Output);
            Command.Run([.. arguments, "--device", "cpu", "--precision", "bf16"]).Failed(2, "precision bf16 is for a GPU");
        }

        string[] generating = ["generate", "--model", _model, "--prompt", "a", "--max-new-tokens", "3"];
        OnCard([.. generating, "--device", "cuda", "--precision", "tf32"]).Succeeded();
        OnCard([.. generating, "--device", "cuda", "--precision", "bf16"]).Succeeded();
        Command.Run([.. generating, "--device", "cpu", "--precision", "tf32"]).Failed(2, "precision tf32 is for a GPU");
        string[] sampling = ["--sample-prompt", "a", "--task", task, "--task-data", rows];
        string[][] samples = [Samples(Command.Run([.. Arguments("cpu", steps: 1), .. sampling])), Samples(OnCard([.. Arguments("cuda", steps: 1), .. sampling]))];
        Assert.Equal(2, samples[0].Length);
        Assert.Equal(samples[0], samples[1]);
        Assert.Equal(File.ReadAllText(_folder["cpu", "task-choose.json"]), File.ReadAllText(_folder["cuda", "task-choose.json"]));

        static string[] Samples(Result result) => [.. result.Succeeded().Output.Split('\n').Where(line => line.Contains("-> ", StringComparison.Ordinal))];
    }

    [Fact]
    public void Auto_takes_a_card_that_has_all_kernels_and_else_says_why_not()
    {
        string trained = OnCard(new PtxDeviceOptions { HasCublas = true }, [.. Arguments("auto", steps: 1), "--precision", "bf16"]).Succeeded().Output;
        Assert.Contains("device      PTX test device, products by cuBLAS 13.0 (bf16)\n", trained, StringComparison.Ordinal);
        Assert.Contains("\"products\": \"cuBLAS 13.0 (bf16)\"", File.ReadAllText(_folder["auto", "run.json"]), StringComparison.Ordinal);
        string told = OnCard([.. Arguments("auto", "packed", steps: 1), "--pack-weights"]).Succeeded().Output;
        Assert.Contains("(pack-weights lays weights out for the processor's kernels; leave it out on a GPU)", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Products_are_rounded_on_a_card_that_can()
    {
        string[] arguments = [.. Arguments("cuda", steps: 1), "--precision", "bf16"];
        OnCard(new PtxDeviceOptions { Capability = (7, 5) }, arguments).Failed(2, "precision bf16 needs compute capability 8.0 or newer, and PTX test device has 7.5");
        Command.Run([.. Arguments("cpu"), "--precision", "tf32"]).Failed(2, "precision tf32 is for a GPU, and the processor computes in fp32");
        Assert.False(Directory.Exists(_folder["cuda"]) || Directory.Exists(_folder["cpu"]));
        OnCard(arguments).Succeeded();
        Assert.Contains("\"precision\": \"bf16\"", File.ReadAllText(_folder["cuda", "run.json"]), StringComparison.Ordinal);
        string[] measured = ["evaluate", "--model", _model, "--adapter", _folder["cuda"], "--data", _data, "--device", "cuda"];
        string exact = OnCard([.. measured, "--json"]).Succeeded().Output;
        Assert.NotEqual(exact, OnCard([.. measured, "--precision", "bf16", "--json"]).Succeeded().Output);
    }

    [Fact]
    public void A_plan_says_what_is_free_on_a_card()
    {
        string told = OnCard(new PtxDeviceOptions { TotalMemory = 1 << 30 }, ["plan", "--model", _model, "--device", "cuda", "--json"]).Succeeded().Output;
        JsonElement plan = JsonDocument.Parse(told).RootElement;
        Assert.Equal("PTX test device", plan.GetProperty("device").GetString());
        Assert.InRange(plan.GetProperty("available_bytes").GetInt64(), (1 << 30) - (193 << 20), (1 << 30) - (165 << 20));
    }

    [Fact]
    public void A_card_that_will_not_do_is_refused()
    {
        Command.Run([.. Arguments("cpu"), "--products", "cublas"]).Failed(2, "--products cublas is for a card");
        OnCard(new PtxDeviceOptions { Capability = (6, 1) }, Arguments("cuda")).Failed(2, "compute capability 6.1; 7.0 or newer is needed");
        OnCard(new PtxDeviceOptions(), Arguments("cuda:3")).Failed(2, "--device cuda:3 is not there: this machine has 1 CUDA card");
        OnCard(new PtxDeviceOptions { TotalMemory = (165 << 20) + (64 << 10) }, Arguments("cuda")).Failed(2, "The run needs", "are available; one row of 16 tokens alone takes ");
        OnCard(new PtxDeviceOptions(), [.. Arguments("cuda"), "--products", "cublas"]).Failed(2, "--products cublas can't be had: libcublas.so.13, libcublas.so.12 or libcublas.so.11 is not found");
        OnCard([.. Arguments("cuda"), "--pack-weights"]).Failed(2, "pack-weights lays weights out for the processor");
    }

    private string[] Arguments(string device, string? output = null, int steps = 3) =>
    [
        "finetune", "--model", _model, "--data", _data, "--output", _folder[output ?? device.Replace(':', '-')], "--device", device,
        "--steps", $"{steps}", "--batch-size", "2", "--max-length", "16",
    ];

    private static void Near(string expected, string actual, double tolerance)
    {
        using SafeTensorsFile own = new(expected), its = new(actual);
        Assert.Equal(own.Tensors.Keys, its.Tensors.Keys);
        foreach (TensorEntry tensor in own.Tensors.Values)
        {
            float[] values = Floats(own, tensor.Name);
            double largest = values.Max(Math.Abs);
            Assert.All(values.Zip(Floats(its, tensor.Name)), pair => Assert.Equal(pair.First, pair.Second, tolerance * largest));
        }
    }

    private static float[] Floats(SafeTensorsFile file, string name)
    {
        float[] values = new float[file.Tensors[name].Count];
        file.CopyTo(file.Tensors[name], values);
        return values;
    }

    private JsonElement[] Metrics(string output) => [.. File.ReadLines(_folder[output, "metrics.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)];

    private string Adapter(string output) => _folder[output, "adapter_model.safetensors"];

    private static Result OnCard(string[] arguments) => TestCard.IsReal ? Command.RunProcess(arguments) : OnCard(new PtxDeviceOptions(), arguments);

    private static Result OnCard(PtxDeviceOptions options, string[] arguments)
    {
        Assert.SkipWhen(PtxDevice.Missing is not null, PtxDevice.Missing ?? "");
        using Process process = Command.Start(PtxDevice.Environment(options), arguments);
        return Command.Finish(process);
    }
}
