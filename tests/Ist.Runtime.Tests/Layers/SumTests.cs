using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Layers;

public sealed class SumTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 61, 131)]
    public void Adds_and_passes_the_gradient_to_both(int sequences, int time, int width)
    {
        using var test = new KernelTest(sequences, time);
        Act<Model> a = test.Random<Model>(width, 1), b = test.Random<Model>(width, 2), y = test.Empty<Model>(width), dy = test.Random<Model>(width, 3);
        Act<Model> da = test.Empty<Model>(width), db = test.Empty<Model>(width);

        Sum.Forward(test.Run, y, a, b);
        Sum.BackwardSet(test.Run, da, db, dy);

        Numbers.Near(1e-7, Numbers.Sum(test.Doubles(a), test.Doubles(b)), test.Doubles(y), "y");
        Assert.Equal(test.Doubles(dy), test.Doubles(da));
        Assert.Equal(test.Doubles(dy), test.Doubles(db));
        Sum.BackwardAdd(test.Run, da, db, dy);
        Assert.Equal(Numbers.Sum(test.Doubles(dy), test.Doubles(dy)), test.Doubles(da));
        Assert.Equal(Numbers.Sum(test.Doubles(dy), test.Doubles(dy)), test.Doubles(db));
    }
}
