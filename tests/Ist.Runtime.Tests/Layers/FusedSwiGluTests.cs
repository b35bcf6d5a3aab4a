using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

/// <summary>The same bits as <see cref="SwiGlu"/>, whose reference is tested.</summary>
public sealed class FusedSwiGluTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 5, 7)]
    [InlineData(3, 61, 131)]
    public void Is_SwiGlu_of_the_halves_of_each_row(int sequences, int time, int width)
    {
        using var test = new KernelTest(sequences, time);
        Act<GateUp> x = test.Random<GateUp>(2 * width, 1, 8), dx = test.Empty<GateUp>(2 * width);
        Act<Ffn> gate = Half(test, x, 0), up = Half(test, x, width), dy = test.Random<Ffn>(width, 3), y = test.Empty<Ffn>(width);
        Act<Ffn> expected = test.Empty<Ffn>(width), dgate = test.Empty<Ffn>(width), dup = test.Empty<Ffn>(width);
        SwiGlu.Forward(test.Run, expected, gate, up);
        SwiGlu.BackwardSet(test.Run, dgate, dup, dy, gate, up);

        FusedSwiGlu.Forward(test.Run, y, x);
        FusedSwiGlu.BackwardSet(test.Run, dx, dy, x);

        Assert.Equal(test.Doubles(expected), test.Doubles(y));
        Assert.Equal(test.Doubles(dgate), test.Doubles(Half(test, dx, 0)));
        Assert.Equal(test.Doubles(dup), test.Doubles(Half(test, dx, width)));
        FusedSwiGlu.BackwardAdd(test.Run, dx, dy, x);
        Assert.Equal(Numbers.Sum(test.Doubles(dgate), test.Doubles(dgate)), test.Doubles(Half(test, dx, 0)));
        Assert.Equal(Numbers.Sum(test.Doubles(dup), test.Doubles(dup)), test.Doubles(Half(test, dx, width)));
    }

    private static Act<Ffn> Half(KernelTest test, Act<GateUp> fused, int from)
    {
        Act<Ffn> half = test.Empty<Ffn>(fused.Width / 2);
        for (int row = 0; row < test.Rows; row++)
            fused.Row(row).Slice(from, half.Width).CopyTo(half.Row(row));
        return half;
    }
}
