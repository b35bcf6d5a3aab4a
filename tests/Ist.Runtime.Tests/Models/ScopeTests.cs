using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Runtime.Tests.Models;

/// <summary>What members share: those declared as tied, and those that ask for one tensor by its key.</summary>
public sealed class ScopeTests
{
    private readonly Scope _model = new(new ModelSetup(new Widths(), new ModelOptions(), TiesWeights: true, 0.02f, null, new FullOptions()));

    [Fact]
    public void A_tied_layer_shares_the_weight_and_keeps_its_own_bias()
    {
        Weight table = _model.Member("tokens").Weight("weight", Initial.Normal, 5, 3);
        Scope head = _model.Member("head", tiedTo: table);

        Assert.Same(table.Parameter, head.Weight("weight", Initial.Normal, 5, 3).Parameter);
        Assert.Equal("head.bias", head.Weight("bias", Initial.Zeros, 5).Name);
        Assert.Equal(["tokens.weight", "head.bias"], _model.Contents.Parameters.Select(p => p.Key));
    }

    [Fact]
    public void A_tie_to_a_weight_of_another_shape_is_refused()
    {
        Weight table = _model.Member("tokens").Weight("weight", Initial.Normal, 5, 3);

        Assert.Throws<InvalidOperationException>(() => _model.Member("head", tiedTo: table).Weight("weight", Initial.Normal, 3, 5));
    }

    [Theory]
    [InlineData("head")]
    [InlineData("tokens")]
    public unsafe void A_copy_of_one_of_two_tied_layers_leaves_the_other_as_it_is(string saved)
    {
        var options = new LoraOptions(
            new LoraAdapterConfig { TargetModules = ModuleSelector.AllLinear, ModulesToSave = new ModulesToSave([saved]) }, "the test");
        var model = new Scope(new ModelSetup(new Widths(), new ModelOptions(), TiesWeights: true, 0.02f, new Ones(), options));
        Weight table = model.Member("tokens").Weight("weight", Initial.Normal, 5, 3);
        Weight head = model.Member("head", tiedTo: table).Weight("weight", Initial.Normal, 5, 3);

        (Weight copied, Weight other) = saved == "head" ? (head, table) : (table, head);
        Assert.Equal($"base_model.model.{saved}.weight", Assert.Single(model.Contents.Parameters).Key);
        Assert.Same(model.Contents.Parameters[0], copied.Parameter);
        Assert.Null(other.Parameter);
        Assert.Equal(["tokens", "head"], model.Contents.Modules);

        float[] values = [.. Enumerable.Repeat(7f, 15)];
        fixed (float* value = values)
        {
            copied.Parameter!.Bind(value, null);
            model.Contents.Merge();
        }
        Assert.Equal([7f, 1f], [((float*)copied.Data)[0], ((float*)other.Data)[0]]);
    }

    [Fact]
    public unsafe void A_shared_tensor_is_one_at_the_largest_shape_and_stands_in_the_file_once()
    {
        int starts = 0;
        Parameter first = _model.InLayer(0).Share("shared", _ => starts++, 2, 5);
        Parameter second = _model.InLayer(1).Share("shared", _ => starts += 10, 4, 3);
        Parameter other = _model.InLayer(1).Share("other", values => values.Fill(1), 1, 1);

        Assert.Same(first, second);
        Assert.Equal([4L, 5], first.Shape);
        Assert.Equal((20, -1, false), (first.Count, first.Layer, first.IsOptional));
        Assert.Equal([first, other], _model.Contents.Carried);
        Assert.Empty(_model.Contents.Parameters);

        using var device = new CpuDevice(1);
        var set = new ParameterSet(_model.Contents);
        using Arena arena = Arena.Create(device, Purpose.Training, new Widths(), 1, 1, set.Reserve);
        set.Initialise(seed: 1);
        Assert.Equal((1, true), (starts, first.Gradient is null));
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            set.Save(path);
            using var file = new SafeTensorsFile(path);
            Assert.Equal(["other", "shared"], file.Tensors.Keys.Order());
            Assert.Equal([4L, 5], file.Tensors["shared"].Shape);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class Ones : IWeightSource
    {
        public Weight Take(string name, ReadOnlySpan<long> shape)
        {
            float[] ones = GC.AllocateArray<float>(15, pinned: true);
            ones.AsSpan().Fill(1);
            return new Weight(name, ones, shape.ToArray());
        }
    }
}
