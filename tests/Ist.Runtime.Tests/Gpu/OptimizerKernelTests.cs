using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Clipping and AdamW on the GPU beside the processor.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class OptimizerKernelTests(GpuFixture fixture)
{
    [Fact]
    public void Clipping_and_AdamW_are_the_processors()
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        Parameter[] onCpu = [.. Make()], onGpu = [.. Make()];
        AdamW cpu = new(0.1), gpu = new(0.1);
        using Arena cpuMoments = Arena.Create(test.Cpu.Cpu, Purpose.Training, new Widths(), 1, 1, arena => cpu.Reserve(arena, onCpu));
        using Arena gpuMoments = Arena.Create(test.Device, Purpose.Training, new Widths(), 1, 1, arena => gpu.Reserve(arena, onGpu));
        for (int p = 0; p < onCpu.Length; p++)
        {
            int count = (int)onCpu[p].Count;
            onCpu[p].Bind(test.Cpu.Floats(count), test.Cpu.Floats(count));
            Numbers.Fill(new Span<float>(onCpu[p].Value, count), p, 1);
            Numbers.Fill(new Span<float>(onCpu[p].Gradient, count), 10 + p, 1);
            onGpu[p].Bind(test.Copy(onCpu[p].Value, count), test.Copy(onCpu[p].Gradient, count));
        }

        for (int step = 0; step < 3; step++)
        {
            double expected = GradientClipping.Clip(test.Cpu.Run, onCpu, step == 1 ? 0 : 5), actual = GradientClipping.Clip(test.Run, onGpu, step == 1 ? 0 : 5);
            // Squares are summed in double precision on both.
            Assert.Equal(expected, actual, 1e-12 * expected + (step == 0 ? 0 : 1e-6 * expected));
            cpu.Step(test.Cpu.Run, onCpu.AsSpan(0, step == 2 ? 2 : 3), 0.01);
            gpu.Step(test.Run, onGpu.AsSpan(0, step == 2 ? 2 : 3), 0.01);
        }

        for (int p = 0; p < onCpu.Length; p++)
        {
            int count = (int)onCpu[p].Count;
            Near(onCpu[p].Gradient, onGpu[p].Gradient, "gradient");
            Near(cpu.First(onCpu[p]), gpu.First(onGpu[p]), "m");
            Near(cpu.Second(onCpu[p]), gpu.Second(onGpu[p]), "v");
            Near(onCpu[p].Value, onGpu[p].Value, "value");
            Assert.Equal(cpu.Steps(onCpu[p]), gpu.Steps(onGpu[p]));

            void Near(float* expected, float* actual, string what) => Numbers.Near(
                5e-7, Numbers.Doubles(new ReadOnlySpan<float>(expected, count)), Numbers.Doubles(test.Floats(actual, count)), what);
        }

        static IEnumerable<Parameter> Make() => [new("a", 0, Initial.Zeros, 7), new("b", 0, Initial.Zeros, 3, 6011), new("c", 1, Initial.Zeros, 1)];
    }
}
