using System.Globalization;
using Ist.GpuBench;
using Ist.Runtime;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

// ist-gpu-bench [--profile] [--tiny | 1b 7b] [fp32 tf32 bf16]: kernels against what the card gives at most, and steps of LoRA and of LoRA with IST.
try
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    BenchOptions options = BenchOptions.Of(args);
    double seconds = options.IsTiny ? 0 : 0.1;
    using IlgpuDevice device = IlgpuDevice.Open();
    Console.WriteLine($"{device.Name}, {device.FreeBytes / 1e9:F1} GB free");
    Ceilings ceilings = options.IsTiny ? Ceilings.Of(device, 1024, 8, seconds) : Ceilings.Of(device, 1 << 26, 1 << 10, seconds);
    Console.WriteLine($"copy {ceilings.BytesPerSecond / 1e9:F0} GB/s, multiply-adds {ceilings.OperationsPerSecond / 1e12:F2} TFLOP/s (F32)");
    Console.WriteLine(LaunchCosts.Of(device, options.IsTiny ? 10 : 1000));
    Console.WriteLine(device.TryUseCublas(out string? reason) ? device.ProductLibrary : $"no cuBLAS: {reason}");
    long least = options.IsTiny ? 0 : Cublas.WorthACall;
    BenchMode[] modes = [.. BenchMode.Of(options.Precisions, device.ProductLibrary is not null)];
    foreach (BenchShape shape in options.Shapes)
    {
        Console.WriteLine($"\n{shape.Name}: {shape.Rows} rows of {shape.Length} tokens");
        using (var kernels = new KernelBench(device, shape))
        {
            Console.WriteLine($"\n{"kernel",-22}{"products",-14}{"ms",10}{"GB/s",10}{"of copy",10}{"TFLOP/s",10}");
            foreach (KernelCase kernel in kernels.Kernels)
                Write(kernel, "");
            foreach (BenchMode mode in modes)
            {
                mode.Enter(device, least);
                foreach (KernelCase kernel in kernels.InPrecision(mode.Precision))
                    Write(kernel, mode.Name);
            }
        }
        string folder = Directory.CreateTempSubdirectory("ist-gpu-bench-").FullName;
        try
        {
            RandomCheckpoint.Write(folder, shape);
            Console.WriteLine($"\n{"step",-14}{"products",-14}{"at once",10}{"ms",10}{"tokens/s",10}{"TFLOP/s",10}{"GB",10}{"loss",10}");
            using var profile = new StringWriter();
            foreach (BenchMode mode in modes)
            {
                mode.Enter(device, least);
                foreach (bool sparse in (bool[])[false, true])
                {
                    profile.WriteLine($"\n{mode.Name}, {(sparse ? "LoRA + IST" : "LoRA")}");
                    StepTimes times = StepBench.Of(device, folder, shape, mode.Precision, sparse, options.Profiles ? profile : null);
                    string name = $"{(sparse ? "LoRA + IST" : "LoRA"),-14}{mode.Name,-14}";
                    Console.WriteLine(times.Sequences == 0
                        ? $"{name}does not fit: {times.Bytes / 1e9:F1} GB for one row at once"
                        : $"{name}{times.Sequences,10}{1000 * times.Seconds,10:F1}{shape.Rows * shape.Length / times.Seconds,10:F0}{times.Operations / times.Seconds / 1e12,10:F2}{times.Bytes / 1e9,10:F2}{times.Loss,10:F4}");
                }
            }
            if (options.Profiles)
                Console.Write(profile);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
    return 0;

    void Write(KernelCase kernel, string mode)
    {
        double time = Measured.Seconds(device, seconds, kernel.Launch);
        string operations = kernel.Operations == 0 ? "" : $"{kernel.Operations / time / 1e12,10:F2}";
        Console.WriteLine($"{kernel.Name,-22}{mode,-14}{1000 * time,10:F4}{kernel.Bytes / time / 1e9,10:F0}{kernel.Bytes / time / ceilings.BytesPerSecond,10:P0}{operations}");
    }
}
catch (InputException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (RunException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
