using System.Globalization;
using Ist.GpuBench;
using Ist.Runtime;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

// ist-gpu-bench [--tiny | 1b 7b]: kernels against what the card gives at most, and steps of LoRA and of LoRA with IST.
try
{
    CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    IReadOnlyList<BenchShape> shapes = BenchShape.Of(args);
    bool isTiny = shapes[0] == BenchShape.Tiny;
    double seconds = isTiny ? 0 : 0.2;
    using IlgpuDevice device = IlgpuDevice.Open();
    Ceilings ceilings = isTiny ? Ceilings.Of(device, 1024, 8, seconds) : Ceilings.Of(device, 1 << 26, 1 << 10, seconds);
    Console.WriteLine($"{device.Name}, {device.FreeBytes / 1e9:F1} GB free");
    Console.WriteLine($"copy {ceilings.BytesPerSecond / 1e9:F0} GB/s, multiply-adds {ceilings.OperationsPerSecond / 1e12:F2} TFLOP/s (F32)");
    bool[] libraries = device.TryUseCublas(out string? reason) ? [false, true] : [false];
    Console.WriteLine(reason is null ? device.ProductLibrary : $"no cuBLAS: {reason}");
    foreach (BenchShape shape in shapes)
    {
        Console.WriteLine($"\n{shape.Name}: {shape.Rows} rows of {shape.Length} tokens");
        foreach (bool library in libraries)
        {
            device.Cublas?.LeastWork = !library ? long.MaxValue : isTiny ? 0 : Cublas.WorthACall;
            Console.WriteLine($"\n{"kernel",-22}{"ms",10}{"GB/s",10}{"of copy",10}{"TFLOP/s",10}{"of F32",10}   products by {(library ? device.ProductLibrary : "own kernels")}");
            using var kernels = new KernelBench(device, shape);
            foreach (KernelCase kernel in kernels.Cases)
            {
                double time = Measured.Seconds(device, seconds, kernel.Launch);
                string operations = kernel.Operations == 0 ? "" : $"{kernel.Operations / time / 1e12,10:F2}{kernel.Operations / time / ceilings.OperationsPerSecond,10:P0}";
                Console.WriteLine($"{kernel.Name,-22}{1000 * time,10:F4}{kernel.Bytes / time / 1e9,10:F0}{kernel.Bytes / time / ceilings.BytesPerSecond,10:P0}{operations}");
            }
        }
        string folder = Directory.CreateTempSubdirectory("ist-gpu-bench-").FullName;
        try
        {
            RandomCheckpoint.Write(folder, shape);
            Console.WriteLine($"\n{"step",-22}{"at once",10}{"ms",10}{"tokens/s",10}{"TFLOP/s",10}{"GB",10}{"loss",10}");
            foreach (bool library in libraries)
            {
                device.Cublas?.LeastWork = !library ? long.MaxValue : isTiny ? 0 : Cublas.WorthACall;
                foreach (bool sparse in (bool[])[false, true])
                {
                    StepTimes times = StepBench.Of(device, folder, shape, sparse);
                    string name = (sparse ? "LoRA + IST" : "LoRA") + (library ? ", cuBLAS" : "");
                    Console.WriteLine(times.Sequences == 0
                        ? $"{name,-22}does not fit: {times.Bytes / 1e9:F1} GB for one row at once"
                        : $"{name,-22}{times.Sequences,10}{1000 * times.Seconds,10:F1}{shape.Rows * shape.Length / times.Seconds,10:F0}{times.Operations / times.Seconds / 1e12,10:F2}{times.Bytes / 1e9,10:F2}{times.Loss,10:F4}");
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
    return 0;
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
