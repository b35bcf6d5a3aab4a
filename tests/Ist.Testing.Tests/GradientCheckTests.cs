using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Testing.Tests;

public class GradientCheckTests
{
    private static ModelSetup Setup(PeftOptions peft, IWeightSource? source = null) =>
        new(new Widths().Set<Model>(6).Set<Ffn>(10), new ModelOptions(), TiesWeights: false, InitializerRange: 0.3f, source, peft);

    [Fact]
    public void A_right_part_passes_with_all_its_weights()
    {
        IReadOnlyList<GradientResult> results = GradientCheck.OfPart(Setup(new FullOptions()), scope => new Cubes(scope));
        Assert.Equal(["x", "model.layers.0.up.weight", "model.layers.0.down.weight"], results.Select(r => r.Tensor));
        Assert.All(results, r => Assert.InRange(r.Error, 0, 5e-4));
        Assert.All(results, r => Assert.True(r.Length > 0));
    }

    [Fact]
    public void Frozen_weights_leave_the_input_to_check() => Assert.Equal(
        ["x"], GradientCheck.OfPart(Setup(new NoPeftOptions(), new RandomWeights()), scope => new Cubes(scope)).Select(r => r.Tensor));

    [Theory]
    [InlineData(1.01f)]
    [InlineData(-1f)]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    public void A_wrong_derivative_is_found(float factor)
    {
        TestingException e = Assert.Throws<TestingException>(() => GradientCheck.OfPart(Setup(new FullOptions()), scope =>
        {
            var part = new Cubes(scope);
            part.Cubed.Factor = factor;
            return part;
        }));
        Assert.StartsWith("Cubes: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("gradient", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_part_is_refused() => Assert.Contains(
        "it must be a [Branch] or [Block]", Assert.Throws<TestingException>(() => GradientCheck.OfPart(Setup(new FullOptions()), _ => "text")).Message, StringComparison.Ordinal);
}
