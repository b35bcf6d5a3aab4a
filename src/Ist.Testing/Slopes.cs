using System.Globalization;

namespace Ist.Testing;

/// <summary>Compares slopes of the forward pass with the gradients of the backward pass.</summary>
internal sealed class Slopes(IDifferentiated test, GradientOptions options)
{
    // A gradient far below the others is mostly rounding noise; its error is taken in relation to theirs.
    private const double Floor = 1e-2;

    public IReadOnlyList<GradientResult> Check(string name)
    {
        test.Forward();
        test.Backward();
        float[][] gradients = [.. test.Tensors.Select(t => t.Gradient.ToArray())];
        double[] lengths = [.. gradients.Select(Length)];
        double floor = Floor * lengths.DefaultIfEmpty(0).Max();
        if (!(floor > 0))
            throw new TestingException($"{name}: every gradient is zero or not a number, so there is nothing to check.");
        var results = new List<GradientResult>();
        for (int i = 0; i < gradients.Length; i++)
        {
            Tensor tensor = test.Tensors[i];
            double worst = 0;
            foreach (double[] direction in Directions(gradients[i], lengths[i], i))
            {
                double expected = direction.Zip(gradients[i], (d, g) => d * g).Sum();
                double slope = SlopeAlong(tensor, direction);
                double error = Math.Abs(slope - expected) / Math.Max(lengths[i], floor);
                if (!(error <= options.Tolerance))
                {
                    throw new TestingException(string.Create(CultureInfo.InvariantCulture,
                        $"{name}: the gradient by '{tensor.Name}' is wrong: along a direction the slope is {slope:G6}, the gradient says {expected:G6} ({error:E1} of its length, allowed {options.Tolerance:E1})"));
                }
                worst = Math.Max(worst, error);
            }
            results.Add(new GradientResult(tensor.Name, lengths[i], worst));
        }
        return results;
    }

    /// <summary>Of length 1: the gradient's own, random ones, and the axes of its largest entries.</summary>
    private IEnumerable<double[]> Directions(float[] gradient, double length, int tensor)
    {
        if (length > 0)
            yield return [.. gradient.Select(g => g / length)];
        float[] random = new float[gradient.Length];
        for (int i = 0; i < options.Directions; i++)
        {
            RandomNumbers.Fill(random, options.Seed, (ulong)(1000 + tensor * 100 + i));
            double norm = Length(random);
            yield return [.. random.Select(r => r / norm)];
        }
        foreach (int axis in Enumerable.Range(0, gradient.Length).OrderByDescending(i => Math.Abs(gradient[i])).Take(options.Directions))
        {
            double[] unit = new double[gradient.Length];
            unit[axis] = 1;
            yield return unit;
        }
    }

    private double SlopeAlong(Tensor tensor, double[] direction)
    {
        float[] kept = tensor.Value.ToArray();
        double h = options.Step;
        double near = At(h) - At(-h), far = At(2 * h) - At(-2 * h);
        kept.CopyTo(tensor.Value);
        return (8 * near - far) / (12 * h);

        double At(double step)
        {
            Span<float> value = tensor.Value;
            for (int i = 0; i < kept.Length; i++)
                value[i] = (float)(kept[i] + step * direction[i]);
            return test.Forward();
        }
    }

    private static double Length(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));
}
