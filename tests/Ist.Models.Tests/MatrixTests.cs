using System.Reflection;
using Ist.Models.Tests.Golden;
using Ist.Models.Tests.Matrix;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Models.Tests;

/// <summary>
/// Every declaration with every method, all of whose layers are trained or some of them: gradients by finite differences, what a step
/// changes, files, merged weights. What there is no place for is refused by name.
/// </summary>
public sealed class MatrixTests(MatrixModels models) : IClassFixture<MatrixModels>
{
    // A layer that is passed through between two that are trained, and one that ends the backward pass.
    private static readonly int[][] _plans = [[0, 2], [1]];

    public static TheoryData<string, string> Cells => Where((model, method) => MatrixMethods.Refusal(model, method) is null);

    public static TheoryData<string, string> NoCells => Where((model, method) => MatrixMethods.Refusal(model, method) is not null);

    public static TheoryData<string, string> MergingCells => Where((model, method) => MatrixMethods.Refusal(model, method) is null && MatrixMethods.Merges(method));

    [Fact]
    public void Every_family_and_declaration_has_a_row()
    {
        Assert.Equal(
            ModelFamilies.All.Select(family => family.ModelType).Order(StringComparer.Ordinal),
            MatrixModels.Names.Select(name => MatrixModels.Family(name).ModelType).Distinct().Order(StringComparer.Ordinal));
        IEnumerable<Type> declared = typeof(ModelFamilies).Assembly.GetTypes().Where(type => type.IsGenericTypeDefinition && type.IsAssignableTo(typeof(IModel)));
        Assert.Equal(declared.Select(Name).Order(StringComparer.Ordinal), MatrixModels.Names.Select(name => Name(models.Checkpoint(name).Model)).Distinct().Order(StringComparer.Ordinal));
        static string Name(Type type) => type.Name;
    }

    [Fact]
    public void Every_method_has_a_column()
    {
        IEnumerable<Type> methods = typeof(PeftOptions).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(PeftOptions)) && !type.IsAbstract && type != typeof(NoPeftOptions));
        IEnumerable<Type> columns = MatrixMethods.Names.Select(method => MatrixMethods.Options(method, new LlamaFamily()).GetType()).Distinct();
        Assert.Equal(methods.Select(type => type.Name).Order(StringComparer.Ordinal), columns.Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>No launcher gives activations in BF16 to a kernel that takes floats alone; no card is needed to see.</summary>
    [Theory]
    [MemberData(nameof(Cells))]
    public void A_GPUs_kernels_take_activations_in_BF16(string model, string method)
    {
        using LoadedModel loaded = LoadedModel.Load(models.Checkpoint(model).Path, _ => MatrixMethods.Options(method, MatrixModels.Family(model)));
        KernelSurvey.RequireTrainingOnGpu(loaded.Model, loaded.Config.Widths, new TrainingOptions { Steps = 1, MaxLength = 4, Precision = Precision.BF16 });
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Gradients_of_all_layers(string model, string method)
    {
        using ModelUnderTest test = MatrixCell.Create(models, model, method);
        test.Run.Training = true;
        test.ForwardBackward();
        (Parameter Parameter, double[] Gradient)[] gradients = Gradients(test.Parameters.All);
        var slope = new Slope(test, Held(test));
        var random = new Random(3);
        Assert.True(MatrixCell.Length(gradients.Select(g => g.Gradient)) > 1e-2);

        foreach ((Parameter Parameter, double[] Gradient) each in gradients)
        {
            if (MatrixCell.Length([each.Gradient]) > Slope.Noise)
                MatrixCell.AssertSlope(slope, [each], [each.Gradient]);
            MatrixCell.AssertSlope(slope, [each], [[.. each.Gradient.Select(_ => random.NextDouble() - 0.5)]]);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_step_of_some_layers(string model, string method)
    {
        using ModelUnderTest all = MatrixCell.Create(models, model, method);
        all.Run.Training = true;
        double loss = all.ForwardBackward();
        foreach (int[] plan in _plans)
        {
            using ModelUnderTest test = MatrixCell.Create(models, model, method, new KeptLayers(plan.Length, all.Parameters.TrainsInput ? 0 : plan[0]));
            test.Run.Training = true;
            test.Plan.TrainOnly(plan);
            Assert.Equal(loss, test.ForwardBackward());

            // What comes down to a layer is the same whether those above are trained or passed through, to the bit.
            (Parameter Parameter, bool IsTrained, float[] Before)[] parameters =
                [.. test.Parameters.All.ToArray().Select(p => (p, p.Layer < 0 || plan.Contains(p.Layer), MatrixCell.Values(p).ToArray()))];
            foreach ((Parameter parameter, bool isTrained, _) in parameters)
            {
                if (isTrained)
                    Assert.True(MatrixCell.Gradient(parameter).SequenceEqual(all.Gradient(parameter.Key)), parameter.Key);
                else
                    Assert.Equal(-1, MatrixCell.Gradient(parameter).IndexOfAnyExcept(0f));
            }
            AssertSlopeAlongGradient(test);

            // With room for the moments of this step's layers alone.
            var adamW = new AdamW(weightDecay: 0.01, InactiveMoments.Free);
            using Arena moments = Arena.Create(
                test.Device, Purpose.Training, test.Widths, 1, 1, arena => adamW.Reserve(arena, test.Parameters.All), new KeptLayers(plan.Length, plan[0]));
            adamW.Step(test.Run, test.Parameters.Active(test.Plan), 0.01);
            Assert.Equal(parameters.Where(p => p.IsTrained).Select(p => p.Parameter.Key), test.Parameters.Active(test.Plan).ToArray().Select(p => p.Key));
            Assert.All(parameters, p => Assert.NotEqual(p.IsTrained, MatrixCell.Values(p.Parameter).SequenceEqual(p.Before)));
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Suppression_of_a_layer_damps_its_adapters_and_leaves_nothing_behind(string model, string method)
    {
        using ModelUnderTest test = MatrixCell.Create(models, model, method);
        test.Forward();
        float[] expected = test.Logits.ToArray();

        test.Run.AdapterScales = [1, 0.25f, 1];
        test.Forward();
        bool hasAdapters = test.Model.Contents.Slots.Any(slot => slot.Layer == 1 && slot.Description is not null);
        Assert.Equal(hasAdapters, !test.Logits.SequenceEqual(expected));

        float[] damped = test.Logits.ToArray();

        test.Run.AdapterScales = null;
        test.Forward();
        Assert.True(test.Logits.SequenceEqual(expected));

        // A probe goes on where its scales part from those of the pass before, with the same bits.
        test.Run.AdapterScales = [1, 0.25f, 1];
        test.ForwardFrom(1);
        Assert.True(test.Logits.SequenceEqual(damped));
        test.Run.AdapterScales = null;
        test.ForwardFrom(1);
        Assert.True(test.Logits.SequenceEqual(expected));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_gradient_by_a_layers_scale_is_the_slope_of_the_loss(string model, string method)
    {
        using ModelUnderTest test = MatrixCell.Create(models, model, method);
        test.Run.Training = true;
        test.ForwardBackward();
        Assert.Equal(MatrixMethods.HasScale(method), test.Model.Contents.ScaleGradients.Count > 0);
        double expected = ScaleSlope.OfGradients(test, layer: 1);
        Assert.Equal(expected, ScaleSlope.OfLoss(test, layer: 1), 2e-3 * Math.Abs(expected) + ScaleSlope.Tolerance);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void What_is_saved_computes_the_same_bits(string model, string method)
    {
        using ModelUnderTest test = MatrixCell.Create(models, model, method);
        string checkpoint = models.Checkpoint(model).Path, folder = Directory.CreateTempSubdirectory("ist-matrix-").FullName;
        try
        {
            test.Parameters.Save(Path.Combine(folder, test.Parameters.FileName));
            string? config = test.Peft.ToAdapterConfig(test.Model.Contents.Slots);
            File.WriteAllText(Path.Combine(folder, config is null ? "config.json" : AdapterFolder.ConfigFile), config ?? File.ReadAllText(Path.Combine(checkpoint, "config.json")));

            using ModelUnderTest loaded = config is null ? MatrixCell.Untrained(folder, new NoPeftOptions()) : MatrixCell.Untrained(checkpoint, Read(folder));
            if (config is not null)
                Assert.Empty(loaded.Parameters.Load(Path.Combine(folder, loaded.Peft.TensorFile)));

            test.Forward();
            loaded.Forward();
            Assert.True(test.Logits.SequenceEqual(loaded.Logits));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(MergingCells))]
    public void Merged_weights_give_the_same_logits(string model, string method)
    {
        using ModelUnderTest test = MatrixCell.Create(models, model, method), bare = MatrixCell.Untrained(models.Checkpoint(model).Path, new NoPeftOptions());
        test.Forward();
        bare.Forward();
        double[] expected = Array.ConvertAll(test.Logits.ToArray(), z => (double)z);
        Assert.True(expected.Zip(bare.Logits.ToArray(), (a, b) => Math.Abs(a - b)).Max() > 1e-2);

        test.Model.Contents.Merge();
        test.Parameters.Initialise(seed: 1);
        test.Forward();

        Tolerance.Within(2e-5 * Math.Max(1, expected.Max(Math.Abs)), expected, test.Logits, "logits");
    }

    [Fact]
    public void Methods_that_do_not_merge_say_so()
    {
        foreach (string method in MatrixMethods.Names.Where(method => method != "full"))
        {
            using ModelUnderTest test = MatrixCell.Create(models, MatrixMethods.Refusal("llama", method) is null ? "llama" : "gpt2", method);
            Assert.Equal(MatrixMethods.Merges(method), test.Model.Contents.Slots.All(slot => slot.Description is null || slot.Merge is not null));
        }
    }

    [Theory]
    [MemberData(nameof(NoCells))]
    public void What_there_is_no_place_for_is_refused_by_name(string model, string method)
    {
        InputException refused = Assert.Throws<InputException>(() => MatrixCell.Create(models, model, method));
        Assert.Contains(MatrixMethods.Refusal(model, method)!, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static TheoryData<string, string> Where(Func<string, string, bool> isWanted) =>
        [.. MatrixModels.Names.SelectMany(model => MatrixMethods.Names.Where(method => isWanted(model, method)).Select(method => (model, method)))];

    private static HeldNorms? Held(ModelUnderTest test) => test.Peft is LoraOptions { Config.UseDora: true } ? new HeldNorms(test) : null;

    private static PeftOptions Read(string folder)
    {
        PeftOptions read = PeftTypes.Read(JsonConfig.Load(Path.Combine(folder, AdapterFolder.ConfigFile)), out IReadOnlyList<string> warnings);
        Assert.Empty(warnings);
        return read;
    }

    private static void AssertSlopeAlongGradient(ModelUnderTest test)
    {
        (Parameter Parameter, double[] Gradient)[] gradients = Gradients(test.Parameters.Active(test.Plan));
        MatrixCell.AssertSlope(new Slope(test, Held(test)), gradients, [.. gradients.Select(g => g.Gradient)]);
    }

    private static (Parameter Parameter, double[] Gradient)[] Gradients(ReadOnlySpan<Parameter> parameters) =>
        [.. parameters.ToArray().Select(p => (p, Array.ConvertAll(MatrixCell.Gradient(p).ToArray(), g => (double)g)))];
}
