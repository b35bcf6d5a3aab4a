using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>Reads tensors from a file that must hold exactly the expected ones.</summary>
internal static unsafe class ParameterFile
{
    /// <summary>Refuses a file with missing or unknown tensors.</summary>
    /// <exception cref="InputException">Names them.</exception>
    public static void RequireNames(SafeTensorsFile file, IEnumerable<string> expected, params IReadOnlyCollection<string> optional)
    {
        HashSet<string> names = [.. expected];
        string[] missing = [.. names.Where(name => !file.Tensors.ContainsKey(name) && !optional.Contains(name)).Order(StringComparer.Ordinal)];
        string[] unknown = [.. file.Tensors.Keys.Where(name => !names.Contains(name) && !IsSecondCopy(name, names)).Order(StringComparer.Ordinal)];
        if (missing.Length + unknown.Length == 0)
            return;
        string faults = string.Join(" and ", new[] { Listed("lacks", missing), Listed("has the unknown", unknown) }.Where(s => s.Length > 0));
        throw new InputException($"{file.Path}: it {faults}; it is of another model or method, give the file that belongs to this one");
    }

    /// <summary>Copies a tensor, widened to F32, into the memory of a device.</summary>
    /// <exception cref="InputException">Its shape or dtype is another, or it holds a value that is not finite.</exception>
    public static void Read(SafeTensorsFile file, string name, IReadOnlyList<long> shape, Device device, float* destination)
    {
        if (device.IsHost)
            Read(file, name, shape, destination);
        else
            device.Upload(Read(file, name, shape), destination);
    }

    private static void Read(SafeTensorsFile file, string name, IReadOnlyList<long> shape, float* destination)
    {
        TensorEntry entry = file.Tensors[name];
        if (!entry.Shape.AsSpan().SequenceEqual([.. shape]))
            throw new InputException($"{file.Path}: '{name}' has shape {OneLine.Shape(entry.Shape.AsSpan())}, this model needs {OneLine.Shape([.. shape])}");
        var values = new Span<float>(destination, checked((int)entry.Count));
        file.CopyTo(entry, values);
        if (NonFinite.IndexOf(DType.F32, destination, entry.Count) is >= 0 and long at)
            throw new InputException($"{file.Path}: '{name}' holds {destination[at]} at element {at}; the file is damaged or of a run that diverged");
    }

    /// <summary>A tensor, widened to F32.</summary>
    /// <exception cref="InputException">Its shape or dtype is another, or it holds a value that is not finite.</exception>
    public static float[] Read(SafeTensorsFile file, string name, IReadOnlyList<long> shape)
    {
        float[] values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        fixed (float* destination = values)
            Read(file, name, shape, destination);
        return values;
    }

    // With bias=all peft also writes the biases of saved modules (modules_to_save) under the names that they have inside its wrapper.
    private static bool IsSecondCopy(string name, HashSet<string> names) =>
        names.Contains(name.Replace(".modules_to_save.", ".", StringComparison.Ordinal)) || names.Contains(name.Replace(".original_module.", ".", StringComparison.Ordinal));

    private static string Listed(string verb, string[] names) =>
        names.Length == 0 ? "" : $"{verb} tensor{(names.Length == 1 ? "" : "s")} {OneLine.List(names, most: 3)}";
}
