using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Moments of inactive layers on the GPU beside the processor.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class MomentsTests(GpuFixture fixture)
{
    // Layers of very different sizes, one larger than the memory that overlapping copies go through.
    private static readonly int[] _counts = [37, 5, 100, (IlgpuDevice.WorkspaceBytes / sizeof(float)) + 77, 16];

    [Theory]
    [InlineData(InactiveMoments.Clear)]
    [InlineData(InactiveMoments.Free)]
    public void Layers_come_and_go_as_on_the_processor(InactiveMoments inactive)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        (AdamW cpu, AdamW gpu) = (new AdamW(0.1, inactive), new AdamW(0.1, inactive));
        (Parameter[] onCpu, Parameter[] onGpu) = (Make(), Make());
        var kept = new KeptLayers(3);
        using Arena cpuMoments = Arena.Create(test.Cpu.Cpu, Purpose.Training, new Widths(), 1, 1, arena => cpu.Reserve(arena, onCpu), kept);
        using Arena gpuMoments = Arena.Create(test.Device, Purpose.Training, new Widths(), 1, 1, arena => gpu.Reserve(arena, onGpu), kept);
        for (int p = 0; p < _counts.Length; p++)
        {
            onCpu[p].Bind(test.Cpu.Floats(_counts[p]), test.Cpu.Floats(_counts[p]));
            Numbers.Fill(new Span<float>(onCpu[p].Value, _counts[p]), p, 1);
            Numbers.Fill(new Span<float>(onCpu[p].Gradient, _counts[p]), 10 + p, 1);
            onGpu[p].Bind(test.Copy(onCpu[p].Value, _counts[p]), test.Copy(onCpu[p].Gradient, _counts[p]));
        }

        // The last two layers move down by less than they are long, then by more; the first comes back.
        foreach (int[] layers in (int[][])[[1, 3, 4], [3, 4], [0, 2, 4], [0, 4]])
        {
            cpu.Step(test.Cpu.Run, [.. layers.Select(l => onCpu[l])], 0.01);
            gpu.Step(test.Run, [.. layers.Select(l => onGpu[l])], 0.01);
        }

        for (int p = 0; p < _counts.Length; p++)
        {
            Assert.Equal(cpu.Steps(onCpu[p]), gpu.Steps(onGpu[p]));
            Near(onCpu[p].Value, onGpu[p].Value, "value");
            Assert.Equal(cpu.First(onCpu[p]) is null, gpu.First(onGpu[p]) is null);
            if (cpu.First(onCpu[p]) is null)
                continue;
            Near(cpu.First(onCpu[p]), gpu.First(onGpu[p]), "m");
            Near(cpu.Second(onCpu[p]), gpu.Second(onGpu[p]), "v");

            void Near(float* expected, float* actual, string what) => Numbers.Near(
                5e-7, Numbers.Doubles(new ReadOnlySpan<float>(expected, _counts[p])), Numbers.Doubles(test.Floats(actual, _counts[p])), what);
        }

        static Parameter[] Make() => [.. _counts.Select((count, l) => new Parameter($"p{l}", l, Initial.Zeros, count))];
    }
}
