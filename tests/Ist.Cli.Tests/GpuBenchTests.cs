using System.Diagnostics;
using System.Globalization;
using Ist.Cli.Tests.Support;
using Ist.Ptx;

namespace Ist.Cli.Tests;

/// <summary>The benchmark for cards, at a size that the device for tests computes; its times mean nothing here.</summary>
public sealed class GpuBenchTests
{
    [Fact]
    public void The_tiny_shape_runs_with_kernels_and_with_cuBLAS()
    {
        Assert.SkipWhen(PtxDevice.Missing is not null, PtxDevice.Missing ?? "");
        using Process process = Command.StartProgram("ist-gpu-bench.dll", PtxDevice.Environment(new PtxDeviceOptions { HasCublas = true }), "--profile", "--tiny");
        string[] lines = Command.Finish(process).Succeeded().Output.Split('\n');

        Assert.Equal(6, lines.Count(line => line.StartsWith("attention backward ", StringComparison.Ordinal)));
        // A first step of random weights knows nothing of 64 tokens, however it is computed.
        double[] losses = [.. lines.Where(line => line.StartsWith("LoRA", StringComparison.Ordinal)).Select(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture))];
        Assert.Equal(12, losses.Length);
        Assert.All(losses, loss => Assert.Equal(Math.Log(64), loss, 0.1));
    }

    [Fact]
    public void An_unknown_shape_is_refused()
    {
        using Process process = Command.StartProgram("ist-gpu-bench.dll", new Dictionary<string, string>(), "2b");
        Result result = Command.Finish(process);
        Assert.Equal((2, "'2b' is no shape; give --tiny, or some of 1b, 7b.\n"), (result.Code, result.Error));
    }
}
