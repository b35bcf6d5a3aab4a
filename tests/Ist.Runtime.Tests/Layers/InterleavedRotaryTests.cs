using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class InterleavedRotaryTests
{
    private const float Theta = 10000;

    // As RotaryTests.
    private const double Tolerance = 8e-6;

    [Theory]
    [InlineData(1, 1, 2, 2)]
    [InlineData(2, 3, 12, 8)]
    [InlineData(121, 2, 64, 64)]
    [InlineData(17, 3, 80, 38)]
    [InlineData(17, 3, 15, 6)]
    public void Forward_and_backward_are_the_references(int time, int heads, int headSize, int turned)
    {
        int width = heads * headSize;
        using var test = new KernelTest(time, [(0, time), (time / 2, time)]);
        InterleavedRotary<Query> rotary = Layer(test, headSize, turned, out Arena arena);
        using Arena kept = arena;
        Act<Query> x = test.Random<Query>(width, 1), y = test.Empty<Query>(width), dx = test.Empty<Query>(width);
        int Position(int row) => test.Batch.Positions[row];

        InterleavedRotary.Forward(test.Run, y, x, rotary);
        InterleavedRotary.BackwardSet(test.Run, dx, x, rotary);

        double[] back = ReferenceRotary.Turn(test.Doubles(x), width, headSize, Theta, Position, -1, turned, interleaved: true);
        double[] expected = ReferenceRotary.Turn(test.Doubles(x), width, headSize, Theta, Position, 1, turned, interleaved: true);
        Numbers.Near(Tolerance, expected, test.Doubles(y), "y");
        Numbers.Near(Tolerance, back, test.Doubles(dx), "dx");
        InterleavedRotary.BackwardAdd(test.Run, dx, x, rotary);
        Numbers.Near(Tolerance, Numbers.Sum(back, back), test.Doubles(dx), "twice dx");
    }

    [Fact]
    public void The_reference_is_its_own_derivative()
    {
        double[] x = Numbers.Random(3 * 12, 1), dy = Numbers.Random(3 * 12, 2);
        FiniteDifferences.Check(
            v => ReferenceRotary.Turn(v, 12, 6, Theta, row => row, 1, 4, true), x, dy,
            ReferenceRotary.Turn(dy, 12, 6, Theta, row => row, -1, 4, true), "dx");
    }

    [Fact]
    public void A_position_beyond_the_table_is_named()
    {
        using var test = new KernelTest(1, 3);
        InterleavedRotary<Query> rotary = Layer(test, 4, 4, out Arena arena);
        using Arena kept = arena;
        Act<Query> x = test.Random<Query>(4, 1);
        test.Batch.Positions[2] = 3;
        RunException e = Assert.Throws<RunException>(() => InterleavedRotary.Forward(test.Run, x, x, rotary));
        Assert.Equal("Token 2 of a batch has the position 3, but the run is laid out for 3.", e.Message);
    }

    internal static InterleavedRotary<Query> Layer(KernelTest test, int headSize, int turned, out Arena arena)
    {
        InterleavedRotary<Query> rotary = test.Layer(
            scope => new InterleavedRotary<Query>(scope), new Widths(), new ModelOptions().Set(new RotaryAngles(headSize, Theta, null, turned)),
            DType.F32, false, out _, out _);
        arena = Arena.Create(test.Cpu, Purpose.Training, new Widths(), test.Batch.Sequences, test.Batch.Time, rotary.Reserve);
        return rotary;
    }
}
