using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Optimizers;
/// <summary>stand-in</summary>
public static unsafe class GradientClipping
{
    /// <summary/>
    public static double Clip(Run run, ReadOnlySpan<Parameter> active, double maxNorm)
    {
        double sum = 0;
        foreach (Parameter p in active) for (long j = 0; j < p.Count; j++) sum += (double)p.Gradient[j] * p.Gradient[j];
        double norm = Math.Sqrt(sum);
        if (maxNorm > 0 && norm > maxNorm) { float s = (float)(maxNorm / (norm + 1e-6)); foreach (Parameter p in active) for (long j = 0; j < p.Count; j++) p.Gradient[j] *= s; }
        return norm;
    }
}
