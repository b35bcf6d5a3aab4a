using Ist.Models.Tests.Golden;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests.Matrix;

/// <summary>A model of the matrix with a method in it, and what its tests do to it.</summary>
internal static class MatrixCell
{
    /// <summary>A model whose adapter has learnt something: every value is moved, the same way in every model of the cell.</summary>
    public static ModelUnderTest Create(
        MatrixModels models, string model, string method, KeptLayers? kept = null, int threads = 1, Func<ModelUnderTest, Batch>? batch = null,
        int tileRows = ModelUnderTest.TileRows)
    {
        var test = new ModelUnderTest(
            models.Checkpoint(model).Path, MatrixMethods.Options(method, MatrixModels.Family(model)), null, threads: threads, batch: batch ?? MatrixModels.Batch, kept: kept,
            tileRows: tileRows);
        Move(test);
        return test;
    }

    /// <summary>A model as it begins.</summary>
    public static ModelUnderTest Untrained(string checkpoint, PeftOptions peft) =>
        new(checkpoint, peft, null, threads: 1, batch: MatrixModels.Batch);

    /// <summary>A parameter's gradient.</summary>
    public static unsafe ReadOnlySpan<float> Gradient(Parameter parameter) => new(parameter.Gradient, (int)parameter.Count);

    /// <summary>A parameter's values.</summary>
    public static unsafe ReadOnlySpan<float> Values(Parameter parameter) => new(parameter.Value, (int)parameter.Count);

    /// <summary>Fails unless the slope along a vector is what the gradient says, within 2e-3 of the gradient's length and the noise of F32.</summary>
    /// <param name="slope">Measures it.</param>
    /// <param name="gradients">The parameters, and their gradients.</param>
    /// <param name="direction">For each of them, the vector.</param>
    public static void AssertSlope(Slope slope, IReadOnlyList<(Parameter Parameter, double[] Gradient)> gradients, IReadOnlyList<double[]> direction)
    {
        double length = Length(direction), gradient = Length(gradients.Select(g => g.Gradient));
        double[][] unit = [.. direction.Select(d => Array.ConvertAll(d, v => v / length))];
        double expected = gradients.Zip(unit, (g, u) => g.Gradient.Zip(u, (a, b) => a * b).Sum()).Sum();
        double actual = slope.Along([.. gradients.Zip(unit, (g, u) => (g.Parameter, u))], gradient);
        double allowed = 2e-3 * gradient + Slope.Noise * (1 + gradient);
        Assert.True(
            Math.Abs(expected - actual) <= allowed,
            $"{gradients[0].Parameter.Key}{(gradients.Count > 1 ? $" and {gradients.Count - 1} more" : "")}: the slope is {actual:G7}, the gradient says {expected:G7}: {Math.Abs(expected - actual):E1} apart, allowed {allowed:E1}");
    }

    /// <summary>The length of a vector of several parts.</summary>
    public static double Length(IEnumerable<double[]> parts) => Math.Sqrt(parts.Sum(part => part.Sum(v => v * v)));

    private static unsafe void Move(ModelUnderTest test)
    {
        var random = new Random(5);
        foreach (Parameter parameter in test.Parameters.All)
        {
            for (int i = 0; i < parameter.Count; i++)
                parameter.Value[i] += 0.4f * (random.NextSingle() - 0.5f);
        }
    }
}
