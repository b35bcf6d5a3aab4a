using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>
/// A kernel on the processor and on a GPU: buffers are made on the processor, and the GPU gets copies of them with whatever stands there,
/// the NaN of what is not written yet included.
/// </summary>
internal sealed unsafe class GpuTest : IDisposable
{
    private readonly List<nint> _memory = [];

    public GpuTest(GpuFixture fixture, KernelTest cpu)
    {
        Cpu = cpu;
        Device = fixture.Device;
        Run = new Run(Device, cpu.Batch) { Seed = cpu.Run.Seed, Step = cpu.Run.Step, MicroBatch = cpu.Run.MicroBatch };
    }

    public KernelTest Cpu { get; }

    public IlgpuDevice Device { get; }

    /// <summary>The same run on the GPU.</summary>
    public Run Run { get; }

    /// <summary>A copy of what stands in a buffer now.</summary>
    public Act<W> Copy<W>(Act<W> act) where W : IWidth => new(Copy(act.Data, (long)Cpu.Rows * act.Width), act.Width);

    /// <summary>A copy as a card stores activations: in BF16 the processor's buffer is rounded too, so that both have the same numbers.</summary>
    public Act<W> Copy<W>(Act<W> act, DType dtype) where W : IWidth
    {
        if (dtype == DType.F32)
            return Copy(act);
        Span<float> values = act.Rows(Cpu.Rows);
        foreach (ref float value in values)
            value = (BFloat16)value;
        void* memory = Device.Allocate(values.Length * sizeof(BFloat16));
        _memory.Add((nint)memory);
        float* copy = BFloat16Address.Of(memory);
        Device.Upload(values, copy);
        return new(copy, act.Width);
    }

    public float* Copy(float* from, long count)
    {
        void* memory = Device.Allocate(count * sizeof(float));
        _memory.Add((nint)memory);
        Device.Upload(from, memory, count * sizeof(float));
        return (float*)memory;
    }

    /// <summary>The same prefix on the GPU.</summary>
    public KeyValuePrefix Copy(KeyValuePrefix prefix)
    {
        if (prefix.Count == 0)
            return default;
        long count = (long)prefix.Count * prefix.Stride, values = prefix.Values - prefix.Keys;
        float* keys = Copy(prefix.Keys, count), gradients = prefix.KeyGradients is null ? null : Copy(prefix.KeyGradients, count);
        return prefix with
        {
            Keys = keys,
            Values = keys + values,
            KeyGradients = gradients,
            ValueGradients = gradients is null ? null : gradients + values,
        };
    }

    /// <summary>From now on kernels read the weight on the GPU.</summary>
    public void Move(Weight weight) => weight.Reside(Copy((float*)weight.OnHost, (weight.StoredBytes + sizeof(float) - 1) / sizeof(float)));

    /// <summary>From now on the parameter has its values and gradient on the GPU.</summary>
    public void Move(Parameter parameter) => parameter.Bind(Copy(parameter.Value, parameter.Count), Copy(parameter.Gradient, parameter.Count));

    public float[] Floats<W>(Act<W> act) where W : IWidth => Floats(act.Data, (long)Cpu.Rows * act.Width);

    public float[] Floats(float* from, long count)
    {
        float[] values = new float[count];
        Device.Download(from, values);
        return values;
    }

    public int[] Integers(int* from, long count)
    {
        int[] values = new int[count];
        fixed (int* to = values)
            Device.Download(from, to, count * sizeof(int));
        return values;
    }

    /// <summary>Fails unless the GPU's buffer is as near to the processor's as a tolerance says.</summary>
    public void Near<W>(double tolerance, Act<W> cpu, Act<W> gpu, string what) where W : IWidth =>
        Numbers.Near(tolerance, Cpu.Doubles(cpu), Numbers.Doubles(Floats(gpu)), what);

    /// <summary>The same; where the GPU stores BF16 an entry may be half a unit more off, and a unit is that of what the GPU rounded.</summary>
    public void NearStored<W>(double tolerance, Act<W> cpu, Act<W> gpu, string what) where W : IWidth
    {
        if (!BFloat16Address.Is(gpu.Data))
        {
            Near(tolerance, cpu, gpu, what);
            return;
        }
        double[] expected = Cpu.Doubles(cpu);
        float[] actual = Floats(gpu);
        double distance = tolerance * expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            double half = Math.ScaleB(1, Math.ILogB(Math.Abs(expected[i]) + distance) - 8), apart = Math.Abs(expected[i] - actual[i]);
            Assert.True(apart <= half + distance, $"{what}[{i}] is {actual[i]:R}, expected {expected[i]:R}: {apart / half:F3} half units of BF16");
        }
    }

    /// <summary>Fails unless the GPU's buffer has the very numbers of the processor's.</summary>
    public void Same<W>(Act<W> cpu, Act<W> gpu) where W : IWidth => Assert.Equal(cpu.Rows(Cpu.Rows).ToArray(), Floats(gpu));

    public void Dispose()
    {
        foreach (nint memory in _memory)
            Device.Free((void*)memory);
        Cpu.Dispose();
    }
}
