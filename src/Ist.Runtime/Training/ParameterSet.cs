using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>The tensors that training changes: their memory, first values and files.</summary>
public sealed unsafe class ParameterSet
{
    private const string BesideFileName = "parameters.safetensors";

    private readonly Parameter[] _all;
    private readonly Parameter[] _carried;
    private readonly Parameter[] _active;
    private readonly Parameter[][] _byLayer;
    private readonly Parameter[] _beside;
    private readonly IReadOnlyList<FileTensor> _stored;
    private readonly IReadOnlyList<IDerivedTensor> _derived;
    private readonly string _adapterFile;
    private Device? _device;

    /// <summary>The parameters of a model.</summary>
    public ParameterSet(ModelContents contents)
    {
        _all = [.. contents.Parameters];
        _carried = [.. contents.Carried];
        _active = new Parameter[_all.Length];
        _byLayer = [.. Enumerable.Range(0, 1 + _all.Max(p => (int?)p.Layer) ?? 0).Select(layer => _all.Where(p => p.Layer == layer).ToArray())];
        _beside = [.. _all.Where(parameter => parameter.StaysInCheckpoints)];
        _derived = contents.Derived;
        _stored = FileTensor.Of(_all.Concat(_carried).Except(_beside));
        Tensors = FileTensor.Of(_all.Except(_beside));
        _adapterFile = contents.AdapterFile;
        TrainsBaseWeights = contents.Weights.Any(weight => weight.Parameter?.Key == weight.Name);
        ModelCount = contents.TrainableCount
            + contents.Weights.Where(weight => !_all.Contains(weight.Parameter)).Sum(weight => weight.Count);
    }

    /// <summary>All of them, in the order of the model's declaration.</summary>
    public ReadOnlySpan<Parameter> All => _all;

    /// <summary>The tensors of <see cref="FileName"/> that they make up.</summary>
    public IReadOnlyList<FileTensor> Tensors { get; }

    /// <summary>Whether they are the model's own weights, rather than an adapter's.</summary>
    public bool TrainsBaseWeights { get; }

    /// <summary>Elements of the whole model, frozen weights and parameters together.</summary>
    public long ModelCount { get; }

    /// <summary>The file that Hugging Face keeps them in.</summary>
    public string FileName => TrainsBaseWeights ? "model.safetensors" : _adapterFile;

    /// <summary>
    /// Whether something below the stack is trained. Parameters stand in the order of declaration, so it is the first one
    /// that tells.
    /// </summary>
    public bool TrainsInput => _all.Length > 0 && _all[0].Layer < 0;

    private Device Device => _device ?? throw new InvalidOperationException("The parameters have no memory; reserve it first.");

    /// <summary>Takes memory for the values, and in an arena for training for the gradients.</summary>
    public void Reserve(Arena arena)
    {
        bool trains = arena.Purpose == Purpose.Training;
        if (!arena.Measuring)
            _device = arena.Device;
        foreach (Parameter parameter in _all)
        {
            float* value = arena.Floats(parameter.Count, MemoryKind.Parameters);
            float* gradient = trains ? arena.Floats(parameter.Count, MemoryKind.Gradients) : null;
            if (!arena.Measuring)
                parameter.Bind(value, gradient);
        }
        foreach (Parameter parameter in _carried)
        {
            float* value = arena.Floats(parameter.Count, MemoryKind.Parameters);
            if (!arena.Measuring)
                parameter.Bind(value, null);
        }
    }

    /// <summary>
    /// The parameters that a step trains: those of the plan's layers and those outside the stack. Valid until the next call.
    /// </summary>
    public ReadOnlySpan<Parameter> Active(LayerPlan plan)
    {
        int count = 0;
        foreach (Parameter parameter in _all)
        {
            if (parameter.Layer < 0 || plan.Trains(parameter.Layer))
                _active[count++] = parameter;
        }
        return _active.AsSpan(0, count);
    }

    /// <summary>The parameters of one layer.</summary>
    internal ReadOnlySpan<Parameter> Of(int layer) => layer < _byLayer.Length ? _byLayer[layer] : [];

    /// <summary>Sets gradients to zero.</summary>
    public void ClearGradients(ReadOnlySpan<Parameter> parameters)
    {
        if (Device is IlgpuDevice gpu)
        {
            gpu.Gradients.Clear(parameters);
            return;
        }
        foreach (Parameter parameter in parameters)
            Device.Clear(parameter.Gradient, parameter.Count * sizeof(float));
    }

    /// <summary>Gives every parameter its first values: the checkpoint's, or random ones that the seed decides.</summary>
    public void Initialise(ulong seed)
    {
        foreach (Parameter parameter in _all.Concat(_carried))
            Device.Write(parameter.Value, parameter.Count, values => InitialValues.Fill(values, parameter, seed));
    }

    /// <summary>Reads the values from a safetensors file that holds these parameters and nothing else.</summary>
    /// <returns>The keys of the trained tensors that the file may lack and does; they keep the values that they begin with.</returns>
    /// <exception cref="InputException">A tensor is missing, unknown, of another shape, or holds a NaN; names it.</exception>
    public IReadOnlyList<string> Load(string path)
    {
        using var file = new SafeTensorsFile(path);
        string[] optional = [.. _stored.Where(t => t.Whole is { IsOptional: true }).Select(t => t.Key)];
        ParameterFile.RequireNames(file, _stored.Select(t => t.Key).Concat(_derived.Select(t => t.Key)), optional);
        foreach (FileTensor tensor in _stored.Where(t => file.Tensors.ContainsKey(t.Key)))
        {
            if (tensor.Whole is { } parameter)
                ParameterFile.Read(file, parameter.Key, parameter.Shape, Device, parameter.Value);
            else
                tensor.Scatter(Device, ParameterFile.Read(file, tensor.Key, tensor.Shape));
        }
        foreach (IDerivedTensor tensor in _derived)
            tensor.Hold(ParameterFile.Read(file, tensor.Key, tensor.Shape));
        return [.. Tensors.Where(t => !file.Tensors.ContainsKey(t.Key)).Select(t => t.Key)];
    }

    /// <summary>Writes the values.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dtype">F32 keeps them as they are; F16 and BF16 round.</param>
    /// <exception cref="RunException">The file can't be written; an old one is unchanged.</exception>
    public void Save(string path, DType dtype = DType.F32)
    {
        var writer = new SafeTensorsWriter();
        var gathered = new List<float[]>();
        foreach (FileTensor tensor in _stored)
            writer.AddNarrowed(tensor.Key, dtype, [.. tensor.Shape], tensor.Whole is { } parameter ? Device.Read(parameter.Value, parameter.Count, gathered) : Kept(tensor.Gather(part => (nint)Device.Read(part.Value, part.Count, gathered))));
        foreach (IDerivedTensor tensor in _derived)
        {
            float[] values = GC.AllocateUninitializedArray<float>(checked((int)tensor.Shape.Aggregate(1L, (count, size) => count * size)), pinned: true);
            tensor.Write(Device, values);
            writer.AddNarrowed(tensor.Key, dtype, [.. tensor.Shape], Kept(values));
        }
        writer.Save(path);
        GC.KeepAlive(gathered);

        float* Kept(float[] pinned)
        {
            gathered.Add(pinned);
            return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        }
    }

    /// <summary>Reads the values of a checkpoint's folder: <see cref="FileName"/>, and what stands beside it.</summary>
    /// <exception cref="InputException">A file is missing or damaged; names it.</exception>
    public void LoadCheckpoint(string folder)
    {
        Load(Path.Combine(folder, FileName));
        if (_beside.Length == 0)
            return;
        foreach (IDerivedTensor tensor in _derived)
            tensor.Hold([]);
        using var file = new SafeTensorsFile(Path.Combine(folder, BesideFileName));
        ParameterFile.RequireNames(file, _beside.Select(p => p.Key), []);
        foreach (Parameter parameter in _beside)
            ParameterFile.Read(file, parameter.Key, parameter.Shape, Device, parameter.Value);
    }

    /// <summary>Writes the values to a checkpoint's folder: <see cref="FileName"/>, and beside it the parameters that this file lacks.</summary>
    /// <exception cref="RunException">A file can't be written.</exception>
    public void SaveCheckpoint(string folder)
    {
        Save(Path.Combine(folder, FileName));
        if (_beside.Length == 0)
            return;
        var writer = new SafeTensorsWriter();
        var copies = new List<float[]>();
        foreach (Parameter parameter in _beside)
            writer.Add(parameter.Key, DType.F32, [.. parameter.Shape], Device.Read(parameter.Value, parameter.Count, copies));
        writer.Save(Path.Combine(folder, BesideFileName));
        GC.KeepAlive(copies);
    }
}
