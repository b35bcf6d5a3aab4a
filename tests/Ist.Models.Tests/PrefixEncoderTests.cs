using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>The network that makes a prefix while it is trained, against peft's numbers; peft saves what it makes.</summary>
[Collection(GpuCollection.Name)]
public sealed class PrefixEncoderTests(GpuFixture card) : IDisposable
{
    private readonly GoldenSet _golden = GoldenSet.Open("llama-mha", "prefix_proj");
    private readonly string _folder = Directory.CreateTempSubdirectory("ist-prefix-").FullName;

    /// <summary>The stored numbers have the network after three steps of AdamW, and the loss that it has then.</summary>
    [Fact]
    public void The_loss_is_the_stored_one()
    {
        using ModelUnderTest model = Trained();
        double expected = _golden.Doubles("losses")[3];
        Assert.Equal(expected, model.Forward(), expected * 1e-5);
    }

    /// <summary>Those of each parameter by itself, against central differences of the loss along them.</summary>
    [Theory]
    [InlineData("prompt_encoder.embedding.weight")]
    [InlineData("prompt_encoder.transform.0.weight")]
    [InlineData("prompt_encoder.transform.0.bias")]
    [InlineData("prompt_encoder.transform.2.weight")]
    [InlineData("prompt_encoder.transform.2.bias")]
    public unsafe void Slope_along_the_gradient(string key)
    {
        const double Epsilon = 1e-2;
        using ModelUnderTest model = Trained();
        model.ForwardBackward();
        Parameter parameter = model.Parameters.All.ToArray().Single(p => p.Key == key);
        float[] direction = model.Gradient(key).ToArray();
        double norm = Math.Sqrt(direction.Sum(g => (double)g * g)), up = LossAt(Epsilon), down = LossAt(-2 * Epsilon);

        Assert.Equal(norm, (up - down) / (2 * Epsilon), norm * 2e-3);

        double LossAt(double step)
        {
            for (int i = 0; i < direction.Length; i++)
                parameter.Value[i] += (float)(step * direction[i] / norm);
            return model.Forward();
        }
    }

    /// <summary>Before the first step, where the file has what the network makes: its outer bias has the gradients of all positions together.</summary>
    [Fact]
    public void The_gradient_of_what_it_makes_is_the_stored_one()
    {
        using ModelUnderTest model = PeftCase.Load("llama-mha", _golden);
        model.ForwardBackward();
        float[] gradients = Assert.Single(model.Parameters.Tensors).Gradients(model.Device);
        double[] expected = _golden.Doubles("grad.prompt_encoder.transform.2.bias");
        float[] sums = [.. Enumerable.Range(0, expected.Length).Select(i => (float)Enumerable.Range(0, gradients.Length / expected.Length).Sum(p => (double)gradients[p * expected.Length + i]))];
        Tolerance.Near(Tolerance.GradientOf(_golden), expected, sums, "sums");
    }

    [Fact]
    public void What_is_loaded_gives_the_logits()
    {
        using ModelUnderTest model = PeftCase.Load("llama-mha", _golden);
        model.Forward();
        model.AssertLogits(_golden, "logits64", Math.Max(_golden.Error("logits"), _golden.Error("reload_logits_abs")));
    }

    /// <summary>The file is peft's in names and shapes, and gives the loss of the network: to a model without it, and to one that has it still.</summary>
    [Fact]
    public void What_is_saved_is_what_the_network_makes()
    {
        using ModelUnderTest model = Trained();
        string path = Path.Combine(_folder, AdapterFolder.TensorFile);
        model.Parameters.Save(path);
        using (var saved = new SafeTensorsFile(path))
        using (var stored = new SafeTensorsFile(Path.Combine(_golden.Folder, AdapterFolder.TensorFile)))
        {
            TensorEntry actual = Assert.Single(saved.Tensors.Values), expected = Assert.Single(stored.Tensors.Values);
            Assert.Equal((expected.Name, expected.DType), (actual.Name, actual.DType));
            Assert.Equal(expected.Shape, actual.Shape);
        }
        double loss = model.Forward();

        foreach (PrefixOptions options in (PrefixOptions[])[Options(), Options() with { TrainsEncoder = false }])
        {
            using var fresh = new ModelUnderTest("llama-mha", options, _golden);
            Assert.True(Math.Abs(loss - fresh.Forward()) > 1e-3);
            fresh.Parameters.Load(path);
            Assert.Equal(loss, fresh.Forward(), 1e-5);
        }
    }

    [Fact]
    public void A_card_makes_trains_and_saves_the_processors_prefix()
    {
        using ModelUnderTest cpu = Trained(), gpu = Trained(card.Device), loaded = new("llama-mha", Options() with { TrainsEncoder = false }, _golden);
        double loss = cpu.ForwardBackward();
        Assert.Equal(loss, gpu.ForwardBackward(), 1e-5);
        foreach (Parameter parameter in cpu.Parameters.All)
            Tolerance.Near(Tolerance.GradientOf(_golden), Array.ConvertAll(cpu.Gradient(parameter.Key).ToArray(), g => (double)g), gpu.Gradient(parameter.Key), parameter.Key);

        string path = Path.Combine(_folder, AdapterFolder.TensorFile);
        gpu.Parameters.Save(path);
        loaded.Parameters.Load(path);
        Assert.Equal(loss, loaded.Forward(), 1e-5);
    }

    [Fact]
    public unsafe void A_checkpoint_has_the_network_too()
    {
        using ModelUnderTest model = Trained(), fresh = new("llama-mha", Options(), _golden);
        model.Parameters.SaveCheckpoint(_folder);

        fresh.Parameters.LoadCheckpoint(_folder);

        for (int p = 0; p < model.Parameters.All.Length; p++)
        {
            Parameter one = model.Parameters.All[p], other = fresh.Parameters.All[p];
            Assert.True(new ReadOnlySpan<float>(one.Value, (int)one.Count).SequenceEqual(new ReadOnlySpan<float>(other.Value, (int)other.Count)), one.Key);
        }
    }

    [Fact]
    public void The_gradient_by_a_layers_scale_is_the_slope_of_the_loss()
    {
        using ModelUnderTest model = Trained();
        model.ForwardBackward();
        for (int layer = 0; layer < model.Model.LayerCount; layer++)
            Assert.Equal(ScaleSlope.OfGradients(model, layer), ScaleSlope.OfLoss(model, layer), ScaleSlope.Tolerance);
    }

    [Fact]
    public void A_layer_that_is_not_trained_gives_it_no_gradient()
    {
        using ModelUnderTest model = Trained();
        model.Plan.TrainOnly([1]);

        model.ForwardBackward();

        ReadOnlySpan<float> bias = model.Gradient("prompt_encoder.transform.2.bias");
        int layer = bias.Length / 3;
        Assert.Equal(-1, bias[..layer].IndexOfAnyExcept(0f));
        Assert.Equal(-1, bias[(2 * layer)..].IndexOfAnyExcept(0f));
        Assert.True(bias[layer..(2 * layer)].IndexOfAnyExcept(0f) >= 0);
    }

    public void Dispose()
    {
        _golden.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private PrefixOptions Options() => (PrefixOptions)PeftCase.Options(_golden) with { TrainsEncoder = true };

    private unsafe ModelUnderTest Trained(Device? device = null)
    {
        var model = new ModelUnderTest("llama-mha", Options(), _golden, device: device);
        foreach (Parameter parameter in model.Parameters.All)
            model.Device.Upload(Array.ConvertAll(_golden.Doubles("after." + parameter.Key), v => (float)v), parameter.Value);
        return model;
    }
}
