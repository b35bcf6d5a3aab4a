using Ist.Runtime.Models;

namespace Ist.Testing;

/// <summary>
/// Checks the backward pass of generated code, and of the layers in it, against the forward pass. For a random dy, the sum of dy y is a
/// number whose slope along any direction, by differences of forward passes (fourth order, in double), must be that of the gradient
/// that the backward pass gives: dx of the input, and every parameter's. To check a layer alone, declare a part that holds nothing else.
/// </summary>
public static class GradientCheck
{
    /// <summary>Checks a part.</summary>
    /// <typeparam name="TPart">A generated part that takes activations, such as <c>LlamaMlp&lt;Lora&gt;</c>.</typeparam>
    /// <param name="setup">Widths, options, weights (<see cref="RandomWeights"/>) and method. With <c>FullOptions</c> every weight is checked.</param>
    /// <param name="make">Makes the part from the scope of layer 0.</param>
    /// <param name="options">How to check; null for the usual.</param>
    /// <exception cref="TestingException">A gradient is wrong; names the tensor.</exception>
    public static IReadOnlyList<GradientResult> OfPart<TPart>(ModelSetup setup, Func<Scope, TPart> make, GradientOptions? options = null) where TPart : class
    {
        options ??= new GradientOptions();
        using var test = new PartUnderTest<TPart>(setup, make, options);
        return new Slopes(test, options).Check(typeof(TPart).Name);
    }

    /// <summary>Checks a whole model, all of whose layers are trained.</summary>
    /// <param name="setup">Widths, options, weights (<see cref="RandomWeights"/>) and method. With <c>FullOptions</c> every weight is checked.</param>
    /// <param name="make">Makes the model.</param>
    /// <param name="options">How to check; null for the usual.</param>
    /// <exception cref="TestingException">A gradient is wrong; names the tensor.</exception>
    public static IReadOnlyList<GradientResult> OfModel(ModelSetup setup, Func<Scope, IModel> make, GradientOptions? options = null)
    {
        options ??= new GradientOptions();
        using var test = new WholeModelUnderTest(setup, make, options);
        return new Slopes(test, options).Check(test.Name);
    }
}
