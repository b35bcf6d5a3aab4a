using Ist.Models.Tests.Golden;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests.Matrix;

/// <summary>
/// Slopes of a model's loss along directions of its parameters, by central differences of the fourth order. The loss is made in double
/// of F32 logits, whose rounding moves it by about 1e-7, so a step of 0.01 leaves a noise of up to 4e-5 in a slope. Where gradients are large a
/// loss bends more, and steps are shorter in that measure.
/// </summary>
/// <param name="test">The model; its values are the same afterwards.</param>
/// <param name="held">DoRA's norms, which its gradient takes to be constant.</param>
internal sealed unsafe class Slope(ModelUnderTest test, HeldNorms? held)
{
    /// <summary>The noise of a slope where the gradient has a length of 0; it grows in the measure of that length.</summary>
    public const double Noise = 6e-5;

    /// <summary>The slope along a direction of length 1 of these parameters together.</summary>
    /// <param name="direction">For each parameter, its part of the direction.</param>
    /// <param name="gradient">The length of the parameters' gradient.</param>
    public double Along(IReadOnlyList<(Parameter Parameter, double[] Direction)> direction, double gradient)
    {
        double step = 0.01 / (1 + gradient);
        float[][] kept = [.. direction.Select(d => new ReadOnlySpan<float>(d.Parameter.Value, d.Direction.Length).ToArray())];
        double near = At(step) - At(-step), far = At(2 * step) - At(-2 * step);
        Set(0);
        return (8 * near - far) / (12 * step);

        double At(double at)
        {
            Set(at);
            held?.Apply();
            double loss = test.ForwardInDouble();
            held?.Undo();
            return loss;
        }

        void Set(double at)
        {
            for (int p = 0; p < kept.Length; p++)
            {
                (Parameter parameter, double[] along) = direction[p];
                for (int i = 0; i < along.Length; i++)
                    parameter.Value[i] = (float)(kept[p][i] + at * along[i]);
            }
        }
    }
}
