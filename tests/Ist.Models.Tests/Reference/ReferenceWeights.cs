using Ist.Runtime.Checkpoints;

namespace Ist.Models.Tests.Reference;

/// <summary>A checkpoint's tensors in double precision.</summary>
internal static class ReferenceWeights
{
    public static IReadOnlyDictionary<string, double[]> Of(string folder)
    {
        var weights = new Dictionary<string, double[]>();
        using var file = new SafeTensorsFile(Path.Combine(folder, "model.safetensors"));
        foreach (TensorEntry entry in file.Tensors.Values)
        {
            float[] values = new float[entry.Count];
            file.CopyTo(entry, values);
            weights.Add(entry.Name, Array.ConvertAll(values, v => (double)v));
        }
        return weights;
    }
}
