using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Optimizers;
/// <summary>stand-in</summary>
public sealed unsafe class AdamW(double weightDecay)
{
    private readonly Dictionary<Parameter, int> _index = [];
    private float*[] _m = [], _v = [];
    private long[] _steps = [];
    /// <summary/>
    public void Reserve(Arena arena, ReadOnlySpan<Parameter> parameters)
    {
        _m = new float*[parameters.Length]; _v = new float*[parameters.Length]; _steps = new long[parameters.Length];
        _index.Clear();
        for (int i = 0; i < parameters.Length; i++)
        {
            _index[parameters[i]] = i;
            _m[i] = arena.Floats(parameters[i].Count, MemoryKind.OptimizerState);
            _v[i] = arena.Floats(parameters[i].Count, MemoryKind.OptimizerState);
        }
    }
    /// <summary/>
    public float* First(Parameter p) => _m[_index[p]];
    /// <summary/>
    public float* Second(Parameter p) => _v[_index[p]];
    /// <summary/>
    public ref long Steps(Parameter p) => ref _steps[_index[p]];
    /// <summary/>
    public void Step(Run run, ReadOnlySpan<Parameter> active, double lr)
    {
        foreach (Parameter p in active)
        {
            int i = _index[p];
            long t = ++_steps[i];
            double c1 = 1 - Math.Pow(.9, t), c2 = 1 - Math.Pow(.999, t);
            for (long j = 0; j < p.Count; j++)
            {
                float g = p.Gradient[j];
                p.Value[j] *= (float)(1 - lr * weightDecay);
                _m[i][j] += (g - _m[i][j]) * .1f;
                _v[i][j] = _v[i][j] * .999f + g * g * .001f;
                p.Value[j] -= (float)(lr / c1) * _m[i][j] / (MathF.Sqrt(_v[i][j]) / (float)Math.Sqrt(c2) + 1e-8f);
            }
        }
    }
}
