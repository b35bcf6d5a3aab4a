using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

/// <summary>A run with a batch, and buffers that live as long as it.</summary>
internal sealed unsafe class KernelTest : IDisposable
{
    public const int Vocabulary = 37;

    private readonly List<nint> _memory = [];

    /// <summary>Sequences that are all real.</summary>
    public KernelTest(int sequences, int time, int threads = 2) : this(time, [.. Enumerable.Repeat((0, time), sequences)], threads)
    {
    }

    /// <summary>Sequences that are real from a start to an end.</summary>
    public KernelTest(int time, (int Start, int End)[] real, int threads = 2)
    {
        Cpu = new CpuDevice(threads);
        Batch = new Batch(real.Length, time);
        Run = new Run(Cpu, Batch);
        Fill(time, real);
    }

    public CpuDevice Cpu { get; }

    public Batch Batch { get; }

    public Run Run { get; }

    public int Rows => Batch.Rows;

    /// <summary>Ids at random, each its own label.</summary>
    public void Fill(int time, (int Start, int End)[] real)
    {
        var random = new Random(5);
        long[] ids = [.. Enumerable.Range(0, real.Length * time).Select(_ => (long)random.Next(Vocabulary))];
        long[] mask = [.. Enumerable.Range(0, ids.Length).Select(i => i % time >= real[i / time].Start && i % time < real[i / time].End ? 1L : 0)];
        Batch.Fill(ids, mask, ids, real.Length, time, Vocabulary);
    }

    public float* Floats(long count)
    {
        void* memory = Cpu.Allocate(count * sizeof(float));
        _memory.Add((nint)memory);
        return (float*)memory;
    }

    /// <summary>A buffer of NaN: whatever a kernel forgets to write shows.</summary>
    public Act<W> Empty<W>(int width) where W : IWidth
    {
        var act = new Act<W>(Floats((long)Rows * width), width);
        act.Rows(Rows).Fill(float.NaN);
        return act;
    }

    /// <summary>Numbers uniform in ±1.</summary>
    public Act<W> Random<W>(int width, int seed, float size = 1) where W : IWidth
    {
        Act<W> act = Empty<W>(width);
        Numbers.Fill(act.Rows(Rows), seed, size);
        return act;
    }

    public double[] Doubles<W>(Act<W> act) where W : IWidth => Numbers.Doubles(act.Rows(Rows));

    /// <summary>A layer with a weight of random numbers; <paramref name="values"/> are what they are once they are stored.</summary>
    public TLayer Layer<TLayer>(
        Func<Scope, TLayer> make, Widths widths, ModelOptions? options, DType dtype, bool trained, out double[] values, out Parameter? parameter)
    {
        TLayer layer = LayerWithWeights(make, widths, options, dtype, trained, out IReadOnlyList<double[]> all, out IReadOnlyList<Parameter> parameters);
        values = all.SingleOrDefault([]);
        parameter = parameters.SingleOrDefault();
        return layer;
    }

    /// <summary>A layer with any number of such weights, in the order in which it takes them.</summary>
    public TLayer LayerWithWeights<TLayer>(
        Func<Scope, TLayer> make, Widths widths, ModelOptions? options, DType dtype, bool trained,
        out IReadOnlyList<double[]> values, out IReadOnlyList<Parameter> parameters)
    {
        var source = new RandomWeights(this, dtype);
        var setup = new ModelSetup(widths, options ?? new ModelOptions(), false, 0.02f, source, trained ? new FullOptions() : new NoPeftOptions());
        TLayer layer = make(new Scope(setup));
        values = source.Values;
        parameters = setup.Contents.Parameters;
        for (int p = 0; p < parameters.Count; p++)
        {
            float* value = Floats(parameters[p].Count), gradient = Floats(parameters[p].Count);
            for (int i = 0; i < parameters[p].Count; i++)
                value[i] = (float)values[p][i];
            parameters[p].Bind(value, gradient);
        }
        return layer;
    }

    public void Dispose()
    {
        foreach (nint memory in _memory)
            Cpu.Free((void*)memory);
        Batch.Dispose();
        Cpu.Dispose();
    }

    private sealed class RandomWeights(KernelTest test, DType dtype) : IWeightSource
    {
        private readonly List<double[]> _values = [];

        public IReadOnlyList<double[]> Values => _values;

        public Weight Take(string name, ReadOnlySpan<long> shape)
        {
            long count = 1;
            foreach (long size in shape)
                count *= size;
            float[] numbers = new float[count];
            Numbers.Fill(numbers, 99 + _values.Count, 1);
            float* stored = test.Floats(count);
            FloatConverter.Narrow(numbers, dtype, stored);
            FloatConverter.Widen(dtype, stored, numbers);
            _values.Add(Numbers.Doubles(numbers));
            return new Weight(name, dtype, stored, shape.ToArray());
        }
    }
}
