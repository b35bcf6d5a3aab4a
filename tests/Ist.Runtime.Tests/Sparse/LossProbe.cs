using Ist.Runtime.Sparse;

namespace Ist.Runtime.Tests.Sparse;

/// <summary>A model of which only a loss for each choice of scales is known.</summary>
internal sealed class LossProbe(Func<float[], double> loss) : IProbe
{
    public void Measure(float[][] adapterScales, Span<double> losses)
    {
        for (int k = 0; k < losses.Length; k++)
            losses[k] = loss(adapterScales[k]);
    }
}
