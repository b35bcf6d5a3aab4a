using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>
/// DoRA's norms of W + s B A as they were at first: with magnitudes of m n / n0, where n are the norms now and n0 those at
/// first, the model computes what it would with m and n0.
/// </summary>
internal sealed unsafe class HeldNorms
{
    private readonly ModelUnderTest _test;
    private readonly double _scaling;
    private readonly Dictionary<string, float[]> _weights = [];
    private readonly Dictionary<Parameter, double[]> _first = [];
    private readonly Dictionary<Parameter, float[]> _magnitudes = [];

    public HeldNorms(ModelUnderTest test, double scaling)
    {
        _test = test;
        _scaling = scaling;
        using var file = new SafeTensorsFile(Path.Combine(GoldenSet.CheckpointPath("llama-mha"), "model.safetensors"));
        foreach (Parameter m in Magnitudes)
        {
            TensorEntry entry = file.Tensors[Module(m)["base_model.model.".Length..] + ".weight"];
            float[] weight = new float[entry.Count];
            file.CopyTo(entry, weight);
            _weights.Add(m.Key, weight);
            _first.Add(m, Norms(m));
        }
    }

    private IEnumerable<Parameter> Magnitudes =>
        _test.Parameters.All.ToArray().Where(p => p.Key.EndsWith(".lora_magnitude_vector", StringComparison.Ordinal));

    public void Apply()
    {
        foreach (Parameter m in Magnitudes)
        {
            _magnitudes[m] = new ReadOnlySpan<float>(m.Value, (int)m.Count).ToArray();
            double[] now = Norms(m);
            for (int o = 0; o < now.Length; o++)
                m.Value[o] = (float)(m.Value[o] * now[o] / _first[m][o]);
        }
    }

    public void Undo()
    {
        foreach ((Parameter m, float[] values) in _magnitudes)
            values.CopyTo(new Span<float>(m.Value, values.Length));
    }

    private double[] Norms(Parameter m)
    {
        Parameter a = Find(Module(m) + ".lora_A.weight"), b = Find(Module(m) + ".lora_B.weight");
        (int rank, int inputs) = ((int)a.Shape[0], (int)a.Shape[1]);
        double[] norms = new double[m.Count];
        for (int o = 0; o < norms.Length; o++)
        {
            double squares = 0;
            for (int i = 0; i < inputs; i++)
            {
                double value = _weights[m.Key][o * inputs + i];
                for (int k = 0; k < rank; k++)
                    value += _scaling * b.Value[o * rank + k] * a.Value[k * inputs + i];
                squares += value * value;
            }
            norms[o] = Math.Sqrt(squares);
        }
        return norms;
    }

    private Parameter Find(string key) => _test.Parameters.All.ToArray().Single(p => p.Key == key);

    private static string Module(Parameter m) => m.Key[..^".lora_magnitude_vector".Length];
}
