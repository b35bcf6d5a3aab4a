using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class RotaryTests
{
    private const float Theta = 10000;

    // Measured: 3.1e-6 of the largest entry: the F32 angle of position 120 is off by as much.
    private const double Tolerance = 8e-6;

    [Theory]
    [InlineData(1, 1, 2, 2)]
    [InlineData(2, 3, 12, 12)]
    [InlineData(121, 2, 64, 64)]
    [InlineData(17, 3, 80, 80)]
    [InlineData(17, 3, 16, 4)]
    [InlineData(121, 2, 80, 36)]
    public void Forward_and_backward_are_the_references(int time, int heads, int headSize, int turned)
    {
        int width = heads * headSize;
        using var test = new KernelTest(time, [(0, time), (time / 2, time)]);
        Rotary<Query> rotary = Layer(test, headSize, null, out Arena arena, turned);
        using Arena kept = arena;
        Act<Query> x = test.Random<Query>(width, 1), y = test.Empty<Query>(width), dx = test.Empty<Query>(width);
        int Position(int row) => test.Batch.Positions[row];

        Rotary.Forward(test.Run, y, x, rotary);
        Rotary.BackwardSet(test.Run, dx, x, rotary);

        double[] back = ReferenceRotary.Turn(test.Doubles(x), width, headSize, Theta, Position, -1, turned);
        Numbers.Near(Tolerance, ReferenceRotary.Turn(test.Doubles(x), width, headSize, Theta, Position, turned: turned), test.Doubles(y), "y");
        Numbers.Near(Tolerance, back, test.Doubles(dx), "dx");
        Rotary.BackwardAdd(test.Run, dx, x, rotary);
        Numbers.Near(Tolerance, Numbers.Sum(back, back), test.Doubles(dx), "twice dx");
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        double[] x = Numbers.Random(3 * 12, 1), dy = Numbers.Random(3 * 12, 2);
        FiniteDifferences.Check(
            v => ReferenceRotary.Turn(v, 12, 6, Theta, row => row), x, dy, ReferenceRotary.Turn(dy, 12, 6, Theta, row => row, -1), "dx");
    }

    /// <summary>Hugging Face's formulas with its numbers of LLaMA 3.1 (theta 500000, head size 128), computed apart in float64.</summary>
    [Fact]
    public void Llama3_scaling_divides_long_waves_and_leaves_short_ones()
    {
        var plain = new RotaryAngles(128, 500000, null);
        var scaled = new RotaryAngles(128, 500000, new Llama3RotaryScaling(8, 1, 4, 8192));
        for (int i = 0; i < 64; i++)
        {
            double frequency = Math.Pow(500000, -2.0 * i / 128), wave = 2 * Math.PI / frequency, smooth = (8192 / wave - 1) / 3;
            double expected = wave < 2048 ? frequency : wave > 8192 ? frequency / 8 : (1 - smooth) * frequency / 8 + smooth * frequency;
            Assert.Equal(1, plain.Frequencies[i] / frequency, 3e-7);
            Assert.Equal(1, scaled.Frequencies[i] / expected, 6e-7);
        }
        Assert.Equal(plain.Frequencies[0], scaled.Frequencies[0]);
        Assert.Equal(plain.Frequencies[63] / 8, scaled.Frequencies[63]);
    }

    [Fact]
    public void Linear_scaling_divides_every_frequency()
    {
        var plain = new RotaryAngles(16, Theta, null);
        var scaled = new RotaryAngles(16, Theta, new LinearRotaryScaling(3));
        Assert.Equal(plain.Frequencies.ToArray().Select(f => f / 3f), scaled.Frequencies.ToArray());
    }

    /// <summary>Position 9 makes a text longer than the original context of 9 tokens.</summary>
    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void LongRope_has_other_frequencies_for_long_batches(int time, bool isLong)
    {
        using var test = new KernelTest(14, [(0, 3), (14 - time, 14)]);
        var scaling = new LongRotaryScaling([1, 1.25f, 2, 3], [2, 4, 8, 16], 9, 1.5f);
        Rotary<Query> rotary = Layer(test, 10, scaling, out Arena arena, 8);
        using Arena kept = arena;
        Act<Query> x = test.Random<Query>(20, 1), y = test.Empty<Query>(20), dx = test.Empty<Query>(20);
        double[] Turn(double direction) => ReferenceRotary.Turn(
            test.Doubles(x), 20, 10, Theta, row => test.Batch.Positions[row], direction, 8, false,
            i => (isLong ? scaling.LongFactors : scaling.ShortFactors)[i], 1.5);

        Rotary.Forward(test.Run, y, x, rotary);
        Rotary.BackwardSet(test.Run, dx, x, rotary);

        Numbers.Near(Tolerance, Turn(1), test.Doubles(y), "y");
        Numbers.Near(Tolerance, Turn(-1), test.Doubles(dx), "dx");
    }

    [Fact]
    public void Layers_share_one_table()
    {
        var angles = new RotaryAngles(12, Theta, null);
        MemoryPlan once = Arena.Measure(Purpose.Training, new Widths(), 2, 5, arena => angles.Reserve(arena, 0));
        MemoryPlan twice = Arena.Measure(Purpose.Training, new Widths(), 2, 5, arena =>
        {
            angles.Reserve(arena, 0);
            angles.Reserve(arena, 0);
        });
        Assert.Equal(2 * 128, once[MemoryKind.Tables]);
        Assert.Equal(once.Total, twice.Total);
    }

    [Fact]
    public void A_position_beyond_the_table_is_named()
    {
        using var test = new KernelTest(1, 3);
        Rotary<Query> rotary = Layer(test, 4, null, out Arena arena);
        using Arena kept = arena;
        Act<Query> x = test.Random<Query>(4, 1);
        test.Batch.Positions[2] = 3;
        RunException e = Assert.Throws<RunException>(() => Rotary.Forward(test.Run, x, x, rotary));
        Assert.Equal("Token 2 of a batch has the position 3, but the run is laid out for 3.", e.Message);
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(6, 3)]
    [InlineData(6, 8)]
    [InlineData(6, 0)]
    public void What_can_not_be_turned_in_pairs_is_refused(int headSize, int? turned) =>
        Assert.Throws<ArgumentException>(() => new RotaryAngles(headSize, Theta, null, turned));

    internal static Rotary<Query> Layer(KernelTest test, int headSize, RotaryScaling? scaling, out Arena arena, int? turned = null)
    {
        Rotary<Query> rotary = test.Layer(
            scope => new Rotary<Query>(scope), new Widths(), new ModelOptions().Set(new RotaryAngles(headSize, Theta, scaling, turned)), DType.F32, false,
            out _, out _);
        arena = Arena.Create(test.Cpu, Purpose.Training, new Widths(), test.Batch.Sequences, test.Batch.Time, rotary.Reserve);
        return rotary;
    }
}
