using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed unsafe class ColumnScaleTests
{
    // One or two roundings an entry, and for the sums those of up to 256 additions.
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(1, 1, 1, 1f)]
    [InlineData(2, 29, 37, 1f)]
    [InlineData(2, 128, 300, 0.25f)]
    [InlineData(1, 3, 17, 0f)]
    public void Forward_and_backward_are_the_references(int sequences, int time, int width, float strength)
    {
        using var test = new KernelTest(sequences, time);
        Act<Ffn> x = test.Random<Ffn>(width, 1), dy = test.Random<Ffn>(width, 2), y = test.Empty<Ffn>(width);
        float* s = test.Floats(width), ds = test.Floats(width);
        Numbers.Fill(new Span<float>(s, width), 3, 2);
        double[] scale = [.. Numbers.Doubles(new ReadOnlySpan<float>(s, width)).Select(v => 1 + strength * (v - 1))];
        double[] scaled = [.. test.Doubles(x).Select((v, i) => v * scale[i % width])];
        double[] sums = new double[width];
        foreach ((int i, double product) in test.Doubles(x).Zip(test.Doubles(dy), (a, b) => a * b).Index())
            sums[i % width] += strength * product;

        ColumnScale.Forward(test.Run, Into.Set, y.Data, x.Data, s, strength, width);
        ColumnScale.BackwardScale(test.Run, Into.Set, strength, ds, dy.Data, x.Data, width);
        Numbers.Near(Tolerance, scaled, test.Doubles(y), "y");
        Numbers.Near(Tolerance, sums, Numbers.Doubles(new ReadOnlySpan<float>(ds, width)), "ds");

        ColumnScale.Forward(test.Run, Into.Add, y.Data, x.Data, s, strength, width);
        ColumnScale.BackwardScale(test.Run, Into.Add, strength, ds, dy.Data, x.Data, width);
        Numbers.Near(Tolerance, Numbers.Sum(scaled, scaled), test.Doubles(y), "twice y");
        Numbers.Near(Tolerance, Numbers.Sum(sums, sums), Numbers.Doubles(new ReadOnlySpan<float>(ds, width)), "twice ds");
    }

    [Fact]
    public void A_scale_of_full_strength_is_not_rounded()
    {
        using var test = new KernelTest(1, 1);
        Act<Ffn> x = test.Random<Ffn>(40, 1), y = test.Empty<Ffn>(40);
        float* s = test.Floats(40);
        Numbers.Fill(new Span<float>(s, 40), 3, 1e-3f);

        ColumnScale.Forward(test.Run, Into.Set, y.Data, x.Data, s, 1, 40);

        for (int i = 0; i < 40; i++)
            Assert.Equal(s[i] * x.Data[i], y.Data[i]);
    }
}
