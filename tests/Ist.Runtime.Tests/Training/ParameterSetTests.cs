using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Runtime.Tests.Training;

public sealed unsafe class ParameterSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ist-parameters-").FullName;
    private readonly CpuDevice _device = new(1);
    private readonly List<Arena> _arenas = [];

    public void Dispose()
    {
        _arenas.ForEach(arena => arena.Dispose());
        _device.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void First_values_have_the_moments_of_their_distributions()
    {
        float[] zeros = First(new Parameter("z", 0, Initial.Zeros, 4, 5));
        float[] ones = First(new Parameter("o", 0, Initial.Ones, 4, 5));
        float[] uniform = First(new Parameter("u", 0, Initial.KaimingUniform, 1000, 64));
        float[] normal = First(new Parameter("n", 0, Initial.Normal, 333, 99) { Deviation = .05f });

        Assert.All(zeros, v => Assert.Equal(0, v));
        Assert.All(ones, v => Assert.Equal(1, v));
        const double bound = 1 / 8.0;
        Assert.All(uniform, v => Assert.InRange(v, -bound, bound));
        Assert.True(uniform.Max() > .999 * bound && uniform.Min() < -.999 * bound);
        Assert.Equal(0, uniform.Average(), 4 * bound / Math.Sqrt(3 * uniform.Length));
        Assert.Equal(bound * bound / 3, uniform.Average(v => v * v), 2e-4);
        Assert.Equal(0, normal.Average(), 4 * .05 / Math.Sqrt(normal.Length));
        Assert.Equal(.05, Math.Sqrt(normal.Average(v => (double)v * v)), 5e-4);
        // Within one deviation lie 68.27 % of a normal distribution, within two 95.45 %.
        Assert.Equal(.6827, normal.Count(v => Math.Abs(v) < .05) / (double)normal.Length, .01);
        Assert.Equal(.9545, normal.Count(v => Math.Abs(v) < .10) / (double)normal.Length, .005);
    }

    [Fact]
    public void First_values_depend_on_seed_and_key_and_not_on_the_order()
    {
        float[] alone = First(new Parameter("b", 0, Initial.KaimingUniform, 3, 7));
        ParameterSet both = Set(7, new Parameter("a", 0, Initial.KaimingUniform, 3, 7), new Parameter("b", 3, Initial.KaimingUniform, 3, 7));
        Assert.Equal(alone, Values(both.All[1]));
        Assert.NotEqual(alone, Values(both.All[0]));
        Assert.NotEqual(alone, Values(Set(8, new Parameter("b", 0, Initial.KaimingUniform, 3, 7)).All[0]));
    }

    [Fact]
    public void A_parameter_that_starts_from_a_checkpoint_has_its_values()
    {
        float[] stored = GC.AllocateArray<float>(6, pinned: true);
        for (int i = 0; i < 6; i++)
            stored[i] = i - 2.5f;
        var parameter = new Parameter("w", 0, Initial.Normal, 2, 3) { Start = new Weight("w", stored, [2L, 3]).CopyTo };
        Assert.Equal(stored, First(parameter));
    }

    [Fact]
    public void Values_that_are_saved_come_back_with_the_same_bits()
    {
        ParameterSet saved = Set(7, new Parameter("a", 0, Initial.Normal, 3, 7), new Parameter("b", 1, Initial.KaimingUniform, 5));
        string path = Path.Combine(_folder, saved.FileName);
        saved.Save(path);
        ParameterSet loaded = Set(8, new Parameter("a", 0, Initial.Zeros, 3, 7), new Parameter("b", 1, Initial.Zeros, 5));
        loaded.Load(path);
        Assert.Equal("adapter_model.safetensors", saved.FileName);
        for (int i = 0; i < 2; i++)
            Assert.Equal(Values(saved.All[i]), Values(loaded.All[i]));
    }

    [Fact]
    public void A_file_of_another_model_is_refused_by_name()
    {
        string path = Path.Combine(_folder, "adapter_model.safetensors");
        Set(7, new Parameter("a", 0, Initial.Normal, 3, 7), new Parameter("b", 1, Initial.Ones, 5)).Save(path);

        Assert.Equal(
            $"{path}: it lacks tensor 'c' and has the unknown tensor 'a'; it is of another model or method, give the file that belongs to this one",
            Refusal(new Parameter("b", 1, Initial.Ones, 5), new Parameter("c", 1, Initial.Ones, 5)));
        Assert.Contains("has the unknown tensors 'a', 'b'", Refusal());
        Assert.Equal($"{path}: 'a' has shape [3, 7], this model needs [7, 3]", Refusal(new Parameter("a", 0, Initial.Ones, 7, 3), new Parameter("b", 0, Initial.Ones, 5)));

        string Refusal(params Parameter[] parameters) => Assert.Throws<InputException>(() => Set(7, parameters).Load(path)).Message;
    }

    [Fact]
    public void A_file_with_a_NaN_is_refused()
    {
        string path = Path.Combine(_folder, "adapter_model.safetensors");
        var writer = new SafeTensorsWriter();
        writer.Add<float>("a", [3], new[] { 1f, float.NaN, 2f });
        writer.Save(path);
        Assert.Equal(
            $"{path}: 'a' holds NaN at element 1; the file is damaged or of a run that diverged",
            Assert.Throws<InputException>(() => Set(7, new Parameter("a", 0, Initial.Ones, 3)).Load(path)).Message);
    }

    private float[] First(Parameter parameter) => Values(Set(7, parameter).All[0]);

    private ParameterSet Set(ulong seed, params Parameter[] parameters)
    {
        var contents = new ModelContents();
        foreach (Parameter parameter in parameters)
            contents.Add(parameter);
        var set = new ParameterSet(contents);
        _arenas.Add(Arena.Create(_device, Purpose.Evaluation, new Widths(), 1, 1, set.Reserve));
        set.Initialise(seed);
        return set;
    }

    private static float[] Values(Parameter parameter) => new Span<float>(parameter.Value, (int)parameter.Count).ToArray();
}
