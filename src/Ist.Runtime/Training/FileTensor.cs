using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>A tensor as a file has it: one parameter, or several that are slices of its columns.</summary>
public sealed unsafe class FileTensor
{
    private readonly Parameter[] _parts;

    private FileTensor(string key, Parameter[] parts)
    {
        Key = key;
        _parts = parts;
        Shape = parts[0].Slice is { } slice ? [parts[0].Shape[0], slice.Columns] : parts[0].Shape;
        Count = Shape.Aggregate(1L, (product, size) => product * size);
    }

    /// <summary>Its name in the file.</summary>
    public string Key { get; }

    /// <summary>Its shape, outermost dimension first.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Elements in all.</summary>
    public long Count { get; }

    /// <summary>The parameter that it is; null where several make it up.</summary>
    public Parameter? Whole => _parts[0].Slice is null ? _parts[0] : null;

    /// <summary>The parameters' values.</summary>
    public float[] Values => Gather(part => (nint)part.Value);

    /// <summary>The tensors that parameters make, in their order.</summary>
    public static IReadOnlyList<FileTensor> Of(IEnumerable<Parameter> parameters) =>
        [.. parameters.GroupBy(p => p.Slice?.Key ?? p.Key, StringComparer.Ordinal).Select(group => new FileTensor(group.Key, [.. group]))];

    /// <summary>The parameters' gradients.</summary>
    /// <param name="device">Has their memory.</param>
    public float[] Gradients(Device device)
    {
        var copies = new List<float[]>();
        return Gather(part => (nint)device.Read(part.Gradient, part.Count, copies));
    }

    /// <summary>Numbers that the parts have, such as an optimizer's moments, as the file has them. The array is pinned.</summary>
    /// <param name="of">The address of a part's numbers, on the host.</param>
    public float[] Gather(Func<Parameter, nint> of)
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)Count), pinned: true);
        foreach (Parameter part in _parts)
            Copy(values, new Span<float>((float*)of(part), checked((int)part.Count)), part, (row, own) => own.CopyTo(row));
        return values;
    }

    /// <summary>Gives the parameters the values of a file.</summary>
    /// <param name="device">Has the parameters' memory.</param>
    /// <param name="values">All of them.</param>
    public void Scatter(Device device, float[] values)
    {
        foreach (Parameter part in _parts)
            device.Write(part.Value, part.Count, own => Copy(values, own, part, (row, of) => row.CopyTo(of)));
    }

    private void Copy(float[] whole, Span<float> own, Parameter part, RowCopy copy)
    {
        int rows = part.Slice is null ? 1 : (int)Shape[0], width = (int)(Count / rows), columns = (int)(part.Count / rows);
        for (int row = 0; row < rows; row++)
            copy(whole.AsSpan(row * width + (part.Slice?.First ?? 0), columns), own.Slice(row * columns, columns));
    }

    private delegate void RowCopy(Span<float> row, Span<float> part);
}
