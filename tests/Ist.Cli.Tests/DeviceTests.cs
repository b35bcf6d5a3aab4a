using System.Diagnostics;
using Ist.Cli.Tests.Support;
using Ist.Ptx;
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
        Assert.SkipWhen(IlgpuDevice.WhyNone() is null, "This machine has a CUDA card.");
        Command.Run(Arguments("cuda")).Failed(2, "--device cuda can't be had: no CUDA driver", "give --device cpu");
        Assert.False(Directory.Exists(_folder["cuda"]));
        string told = Command.Run(Arguments("auto")).Succeeded().Output;
        Assert.Single(told.Split('\n'), line => line.Contains("device", StringComparison.Ordinal) && line.Contains("CPU, ", StringComparison.Ordinal) && line.Contains("(no CUDA driver", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cuda")]
    [InlineData("auto")]
    public void A_card_trains(string device)
    {
        string told = OnCard(new PtxDeviceOptions(), Arguments(device)).Succeeded().Output;
        Assert.DoesNotContain("CPU, ", told, StringComparison.Ordinal);
        Command.Run(Arguments("cpu")).Succeeded();
        Assert.Equal(new FileInfo(_folder["cpu", "adapter_model.safetensors"]).Length, new FileInfo(_folder[device, "adapter_model.safetensors"]).Length);
    }

    [Fact]
    public void Products_are_rounded_on_a_card_that_can()
    {
        string[] arguments = [.. Arguments("cuda"), "--precision", "bf16"];
        OnCard(new PtxDeviceOptions { Capability = (7, 5) }, arguments).Failed(2, "precision bf16 needs compute capability 8.0 or newer, and PTX test device has 7.5");
        Command.Run([.. Arguments("cpu"), "--precision", "tf32"]).Failed(2, "precision tf32 is for a GPU, and the processor computes in fp32");
        Assert.False(Directory.Exists(_folder["cuda"]) || Directory.Exists(_folder["cpu"]));
        OnCard(new PtxDeviceOptions(), arguments).Succeeded();
        Assert.Contains("\"precision\": \"bf16\"", File.ReadAllText(_folder["cuda", "run.json"]), StringComparison.Ordinal);
        string[] measured = ["evaluate", "--model", _model, "--adapter", _folder["cuda"], "--data", _data, "--device", "cuda"];
        string exact = OnCard(new PtxDeviceOptions(), [.. measured, "--json"]).Succeeded().Output;
        Assert.NotEqual(exact, OnCard(new PtxDeviceOptions(), [.. measured, "--precision", "bf16", "--json"]).Succeeded().Output);
    }

    [Fact]
    public void A_card_that_will_not_do_is_refused()
    {
        OnCard(new PtxDeviceOptions { Capability = (6, 1) }, Arguments("cuda")).Failed(2, "compute capability 6.1; 7.0 or newer is needed");
        OnCard(new PtxDeviceOptions(), Arguments("cuda:3")).Failed(2, "--device cuda:3 is not there: this machine has 1 CUDA card");
        OnCard(new PtxDeviceOptions { TotalMemory = (36 << 20) + (64 << 10) }, Arguments("cuda")).Failed(2, "The run needs", "are available");
        OnCard(new PtxDeviceOptions(), [.. Arguments("cuda"), "--method", "dora"]).Failed(2, "--device cuda has no kernel for");
    }

    private string[] Arguments(string device) =>
        ["finetune", "--model", _model, "--data", _data, "--output", _folder[device.Replace(':', '-')], "--device", device, "--steps", "2", "--batch-size", "2", "--max-length", "16"];

    private static Result OnCard(PtxDeviceOptions options, string[] arguments)
    {
        Assert.SkipWhen(PtxDevice.Missing is not null, PtxDevice.Missing ?? "");
        using Process process = Command.Start(PtxDevice.Environment(options), arguments);
        return Command.Finish(process);
    }
}
