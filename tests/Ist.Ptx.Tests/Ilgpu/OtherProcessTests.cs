using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Ist.Ptx.Tests.Ilgpu;

/// <summary>A program that knows nothing of the test device and finds it by its environment. This very test is that program, when it runs itself.</summary>
[Collection(DeviceCollection.Name)]
public sealed class OtherProcessTests
{
    private const string Child = "IST_PTX_CHILD";

    [Fact]
    public void A_program_finds_the_device_by_its_environment()
    {
        Assert.SkipWhen(PtxDevice.Missing is not null, PtxDevice.Missing ?? "");
        if (Environment.GetEnvironmentVariable(Child) is { } name)
        {
            Program(name);
            return;
        }
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(OtherProcessTests).Assembly.Location);
        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"{typeof(OtherProcessTests).FullName}.{nameof(A_program_finds_the_device_by_its_environment)}");
        foreach (var (key, value) in PtxDevice.Environment(new PtxDeviceOptions { Name = "of the parent; really", TotalMemory = 12345 << 10 }))
            start.Environment[key] = value;
        start.Environment[Child] = "of the parent; really";

        using var process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", said, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    private static void Program(string name)
    {
        using var context = Context.Create(builder => builder.Cuda().Optimize(OptimizationLevel.O2));
        using var accelerator = context.CreateCudaAccelerator(0);
        using var x = accelerator.Allocate1D<int>(1000);
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<int>>(SquareKernel)(1000, x.View);
        Assert.Equal(name, accelerator.Name);
        Assert.Equal(12345 << 10, accelerator.MemorySize);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => i * i), x.GetAsArray1D());
    }

    private static void SquareKernel(Index1D i, ArrayView<int> x) => x[i] = i * i;
}
