using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;
using Ist.Runtime.Training;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>A linear layer with a method in its slot, and random numbers, the same on every device.</summary>
internal sealed unsafe class AdaptedLayer<P> : IDisposable where P : IPeft<P>
{
    private readonly Device _device;
    private readonly Run _run;
    private readonly ModelContents _contents;
    private readonly Linear<Model, Ffn> _host;
    private readonly LinearSlot<P, Model, Ffn> _slot;
    private readonly Arena _arena;
    private readonly DeviceWeights _weights;
    private readonly int _rows;
    private Act<Model> _x, _dx, _passed;
    private Act<Ffn> _y, _dy;
    private Act<Own> _saved, _kept, _scratch;

    public AdaptedLayer(Device device, KernelTest batch, PeftOptions options, Func<Scope, Linear<Model, Ffn>> host, DType dtype, int inputs, int outputs, float factor)
    {
        _device = device;
        _rows = batch.Rows;
        _run = new Run(device, batch.Batch) { Training = true, Seed = 7, AdapterScales = [factor] };
        _run.Enter(0);
        var setup = new ModelSetup(new Widths().Set<Model>(inputs).Set<Ffn>(outputs), new ModelOptions(), false, 0.02f, new RandomWeights(dtype), options);
        Scope scope = new Scope(setup).Member("layers").InLayer(0).Member(options.TargetModules!.Names[0]);
        _contents = setup.Contents;
        _host = host(scope);
        _slot = new LinearSlot<P, Model, Ffn>(scope, _host);
        var parameters = new ParameterSet(_contents);
        _arena = Arena.Create(device, Purpose.Training, setup.Widths, 1, _rows, arena =>
        {
            parameters.Reserve(arena);
            _contents.Reserve(arena);
            (_x, _dx, _passed) = (Take<Model>(arena, inputs), Take<Model>(arena, inputs), Take<Model>(arena, inputs));
            (_y, _dy) = (Take<Ffn>(arena, outputs), Take<Ffn>(arena, outputs));
            (_saved, _kept, _scratch) = (Take<Own>(arena, _slot.SavedWidth), Take<Own>(arena, _slot.KeptWidth), Take<Own>(arena, _slot.SavedWidth));
        });
        _weights = new DeviceWeights(device, _contents, Precision.F32);
        parameters.Initialise(seed: 3);
        foreach (Parameter parameter in _contents.Parameters)
            device.Upload(Random((int)parameter.Count, parameter.Key.Length), parameter.Value);
    }

    /// <summary>A pass forward and both ways back, and what all of it gives.</summary>
    public (string Name, float[] Values)[] Pass()
    {
        Fill(_x, 1);
        Fill(_dx, 2);
        Fill(_passed, 3);
        Fill(_dy, 4);
        foreach (Act<Own> buffer in (Act<Own>[])[_saved, _kept, _scratch])
            _device.Upload(Enumerable.Repeat(float.NaN, _rows * buffer.Width).ToArray(), buffer.Data);
        foreach (Parameter parameter in _contents.Parameters)
            _device.Upload(Random((int)parameter.Count, 5), parameter.Gradient);
        _slot.Forward(_run, _y, _saved, _kept, _x, _host);
        _slot.BackwardInputAdd(_run, _passed, _dy, _kept, _scratch, _host);
        _slot.BackwardAdd(_run, _dx, _dy, _x, _saved, _kept, _scratch, _host);
        return
        [
            ("y", Floats(_y.Data, _rows * _y.Width)),
            ("dx", Floats(_dx.Data, _rows * _dx.Width)),
            ("dx alone", Floats(_passed.Data, _rows * _passed.Width)),
            .. _contents.Parameters.Select(parameter => (parameter.Key, Floats(parameter.Gradient, (int)parameter.Count))),
            .. _contents.ScaleGradients.Select(share => ("scale", new[] { (float)share.Of(_run) })),
        ];
    }

    public void Dispose()
    {
        _weights.Dispose();
        _arena.Dispose();
    }

    private Act<W> Take<W>(Arena arena, int width) where W : IWidth => new(arena.Floats((long)_rows * width, MemoryKind.Scratch), width);

    private void Fill<W>(Act<W> act, int seed) where W : IWidth => _device.Upload(Random(_rows * act.Width, seed), act.Data);

    private static float[] Random(int count, int seed)
    {
        float[] values = new float[count];
        Numbers.Fill(values, seed, 1);
        return values;
    }

    private float[] Floats(float* from, int count)
    {
        float[] values = new float[count];
        _device.Download(from, values);
        return values;
    }

    private sealed class RandomWeights(DType dtype) : IWeightSource
    {
        private readonly List<byte[]> _memory = [];

        public Weight Take(string name, ReadOnlySpan<long> shape)
        {
            int count = 1;
            foreach (long size in shape)
                count *= (int)size;
            byte[] stored = GC.AllocateArray<byte>(count * dtype.BitSize / 8, pinned: true);
            _memory.Add(stored);
            void* memory = (void*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(stored, 0);
            FloatConverter.Narrow(Random(count, 90 + _memory.Count), dtype, memory);
            return new Weight(name, dtype, memory, shape.ToArray());
        }
    }
}
