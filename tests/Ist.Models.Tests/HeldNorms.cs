using Ist.Models.Tests.Golden;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>
/// DoRA's norms of W + s B A as they were at first: with magnitudes of m n / n0, where n are the norms now and n0 those at
/// first, the model computes what it would with m and n0.
/// </summary>
internal sealed unsafe class HeldNorms
{
    private readonly Module[] _modules;
    private readonly float[][] _magnitudes;

    public HeldNorms(ModelUnderTest test)
    {
        Dictionary<string, Parameter> parameters = test.Parameters.All.ToArray().ToDictionary(p => p.Key);
        _modules = [.. parameters.Keys.Where(key => key.EndsWith(Module.MagnitudeKey, StringComparison.Ordinal)).Select(key => new Module(test, parameters, key))];
        _magnitudes = new float[_modules.Length][];
    }

    public void Apply()
    {
        for (int i = 0; i < _modules.Length; i++)
        {
            Parameter m = _modules[i].Magnitude;
            _magnitudes[i] = new ReadOnlySpan<float>(m.Value, (int)m.Count).ToArray();
            double[] now = _modules[i].Norms();
            for (int o = 0; o < now.Length; o++)
                m.Value[o] = (float)(m.Value[o] * now[o] / _modules[i].First[o]);
        }
    }

    public void Undo()
    {
        for (int i = 0; i < _modules.Length; i++)
            _magnitudes[i].CopyTo(new Span<float>(_modules[i].Magnitude.Value, _magnitudes[i].Length));
    }

    private sealed class Module
    {
        public const string MagnitudeKey = ".lora_magnitude_vector";

        private readonly Parameter _a;
        private readonly Parameter _b;
        private readonly float[] _weight;
        private readonly bool _fanInFanOut;
        private readonly double _scaling;

        public Module(ModelUnderTest test, Dictionary<string, Parameter> parameters, string magnitudeKey)
        {
            string prefix = magnitudeKey[..^MagnitudeKey.Length], name = prefix["base_model.model.".Length..];
            (Magnitude, _a, _b) = (parameters[magnitudeKey], parameters[prefix + ".lora_A.weight"], parameters[prefix + ".lora_B.weight"]);
            Weight weight = test.Model.Contents.Weights.Single(w => w.Name == name + ".weight");
            _weight = new float[weight.Count];
            weight.CopyTo(_weight);
            _fanInFanOut = test.Model.Contents.Slots.Single(slot => slot.Module == name).FanInFanOut;
            _scaling = ((LoraOptions)test.Peft).Match(name)!.Value.Scaling;
            First = Norms();
        }

        public Parameter Magnitude { get; }

        public double[] First { get; }

        public double[] Norms()
        {
            (int rank, int inputs) = ((int)_a.Shape[0], (int)_a.Shape[1]);
            double[] norms = new double[Magnitude.Count];
            for (int o = 0; o < norms.Length; o++)
            {
                double squares = 0;
                for (int i = 0; i < inputs; i++)
                {
                    double value = _weight[_fanInFanOut ? i * norms.Length + o : o * inputs + i];
                    for (int k = 0; k < rank; k++)
                        value += _scaling * _b.Value[o * rank + k] * _a.Value[k * inputs + i];
                    squares += value * value;
                }
                norms[o] = Math.Sqrt(squares);
            }
            return norms;
        }
    }
}
