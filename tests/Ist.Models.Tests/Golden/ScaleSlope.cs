namespace Ist.Models.Tests.Golden;

/// <summary>The gradient of the loss by a layer's adapter scale at 1, as its parameters' gradients say it, and the slope of the loss.</summary>
internal static class ScaleSlope
{
    /// <summary>What the two may be apart: twice the noise of the slope.</summary>
    public const double Tolerance = 2.6e-4;

    /// <summary>What the gradients of the last backward pass say.</summary>
    public static double OfGradients(ModelUnderTest test, int layer) =>
        test.Model.Contents.ScaleGradients.Where(share => share.Layer == layer).Sum(share => share.Of(test.Run));

    /// <summary>
    /// By central differences of the sixth order. The loss is made in double of F32 logits, whose rounding leaves a noise of up to 1.3e-4 (measured);
    /// longer steps leave less, but losses bend where an adapter is strong.
    /// </summary>
    public static double OfLoss(ModelUnderTest test, int layer)
    {
        const double step = 0.005;
        double near = Between(1), middle = Between(2), far = Between(3);
        test.Run.AdapterScales = null;
        return (45 * near - 9 * middle + far) / (60 * step);

        double Between(int steps) => At(1 + steps * step) - At(1 - steps * step);

        double At(double scale)
        {
            test.Run.AdapterScales = [.. Enumerable.Range(0, test.Model.LayerCount).Select(l => l == layer ? (float)scale : 1)];
            return test.ForwardInDouble();
        }
    }
}
