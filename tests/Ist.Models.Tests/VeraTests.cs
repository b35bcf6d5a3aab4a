using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>How VeRA begins: its projections, which no stored numbers cover, since they are of another generator.</summary>
public sealed class VeraTests
{
    private const int Rank = 24;

    [Fact]
    public void Projections_are_uniform_and_as_large_as_the_largest_target()
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        using ModelUnderTest model = Make(golden, key: 0, "down_proj", "up_proj", "q_proj");
        (Parameter a, Parameter b) = Projections(model);

        // 48 wide, 88 in the feed-forward network.
        Assert.Equal([Rank, 88L], a.Shape);
        Assert.Equal([88L, Rank], b.Shape);
        AssertUniform(Math.Sqrt(6.0 / 88), Values(a));
        AssertUniform(Math.Sqrt(6.0 / Rank), Values(b));
        Assert.Equal(2 * 9, model.Parameters.All.Length);
        foreach (Parameter parameter in model.Parameters.All)
        {
            bool isD = parameter.Key.EndsWith(".vera_lambda_d", StringComparison.Ordinal);
            Assert.All(Values(parameter), value => Assert.Equal(isD ? 0.1f : 0, value));
        }
    }

    [Fact]
    public void What_is_no_target_makes_them_no_larger()
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        using ModelUnderTest model = Make(golden, key: 0, "q_proj");
        (Parameter a, Parameter b) = Projections(model);
        Assert.Equal([Rank, 48L], a.Shape);
        Assert.Equal([48L, Rank], b.Shape);
    }

    [Fact]
    public void Projections_depend_on_their_key_and_not_on_the_run()
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        using ModelUnderTest one = Make(golden, key: 3, "q_proj"), same = Make(golden, key: 3, "q_proj"), other = Make(golden, key: 4, "q_proj");
        same.Parameters.Initialise(seed: 99);
        Assert.Equal(Values(Projections(one).A), Values(Projections(same).A));
        Assert.Equal(Values(Projections(one).B), Values(Projections(same).B));
        Assert.NotEqual(Values(Projections(one).A), Values(Projections(other).A));
        Assert.NotEqual(Values(Projections(one).B)[..99], Values(Projections(one).A)[..99]);
    }

    [Fact]
    public void Layers_to_transform_alone_have_adapters()
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        using var model = new ModelUnderTest("llama-mha", new VeraOptions(Config(0, ["q_proj"]) with { LayersToTransform = [1] }, "the test"), golden);
        Assert.All(model.Parameters.All.ToArray(), parameter => Assert.Equal(1, parameter.Layer));
        Assert.Equal(2, model.Parameters.All.Length);
    }

    private static VeraConfig Config(int key, string[] targets) => new() { R = Rank, ProjectionPrngKey = key, TargetModules = ModuleSelector.OfNames(targets) };

    private static ModelUnderTest Make(GoldenSet golden, int key, params string[] targets) => new("llama-mha", new VeraOptions(Config(key, targets), "the test"), golden);

    private static (Parameter A, Parameter B) Projections(ModelUnderTest model)
    {
        Assert.Equal([VeraConfig.A, VeraConfig.B], model.Model.Contents.Carried.Select(carried => carried.Key));
        return (model.Model.Contents.Carried[0], model.Model.Contents.Carried[1]);
    }

    // The mean of n uniform numbers in ±bound is normal with a deviation of bound / sqrt(3 n), that of their squares with bound^2 sqrt(4 / (45 n)).
    private static void AssertUniform(double bound, float[] values)
    {
        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        Assert.True(values.Max() > 0.99 * bound && values.Min() < -0.99 * bound);
        Assert.Equal(0, values.Average(), 4 * bound / Math.Sqrt(3 * values.Length));
        Assert.Equal(bound * bound / 3, values.Average(value => (double)value * value), 4 * bound * bound * Math.Sqrt(4 / (45.0 * values.Length)));
    }

    private static unsafe float[] Values(Parameter parameter) => new ReadOnlySpan<float>(parameter.Value, (int)parameter.Count).ToArray();
}
