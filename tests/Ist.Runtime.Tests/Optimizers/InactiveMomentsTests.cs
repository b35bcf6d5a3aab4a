using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tensors;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Optimizers;

/// <summary>What becomes of the moments of layers that a step leaves out.</summary>
public sealed unsafe class InactiveMomentsTests
{
    // Layers of very different sizes, as with ranks of their own.
    private static readonly int[] _counts = [37, 5, 100, 64, 16, 3];

    [Fact]
    public void Cleared_moments_begin_anew()
    {
        using Optimized test = new(0.1, InactiveMoments.Clear, KeptLayers.All, 5, 7), fresh = new(0.1, 5, 7);
        test.Step(1e-2, 0, 1);
        test.Step(1e-2, 0);
        Assert.Equal((2, 0), (test.Optimizer.Steps(test.Parameters[0]), test.Optimizer.Steps(test.Parameters[1])));
        Assert.Equal(-1, new Span<float>(test.Optimizer.First(test.Parameters[1]), 7).IndexOfAnyExcept(0f));
        Assert.Equal(-1, new Span<float>(test.Optimizer.Second(test.Parameters[1]), 7).IndexOfAnyExcept(0f));

        // Its next step is corrected as a first one.
        test.Value(1).CopyTo(fresh.Value(1));
        test.Step(1e-2, 1);
        fresh.Step(1e-2, 1);
        Assert.Equal(fresh.Value(1), test.Value(1));
        Assert.Equal(1, test.Optimizer.Steps(test.Parameters[1]));
    }

    [Fact]
    public void Freed_moments_give_the_bits_of_cleared_ones_whatever_layers_come_and_go()
    {
        using Optimized cleared = new(0.1, InactiveMoments.Clear, KeptLayers.All, _counts), freed = new(0.1, InactiveMoments.Free, new KeptLayers(3), _counts);
        var random = new Random(5);
        for (int step = 0; step < 300; step++)
        {
            int[] layers = Enumerable.Range(0, _counts.Length).ToArray();
            random.Shuffle(layers);
            layers = [.. layers.Take(1 + random.Next(3)).Order()];
            foreach (Optimized each in (Optimized[])[cleared, freed])
            {
                for (int i = 0; i < _counts.Length; i++)
                    Tests.Layers.Numbers.Fill(each.Gradient(i), 100 * step + i, 1);
                each.Step(1e-2, layers);
            }
            for (int i = 0; i < _counts.Length; i++)
            {
                Assert.Equal(cleared.Value(i), freed.Value(i));
                Assert.Equal(cleared.Optimizer.Steps(cleared.Parameters[i]), freed.Optimizer.Steps(freed.Parameters[i]));
                Assert.Equal(!layers.Contains(i), freed.Optimizer.First(freed.Parameters[i]) is null);
            }
        }
    }

    [Theory]
    [InlineData(1, 0, 112)]
    [InlineData(2, 0, 176)]
    [InlineData(3, 0, 224)]
    [InlineData(2, 3, 80)]
    [InlineData(6, 0, 272)]
    public void There_is_room_for_the_largest_layers_of_a_step(int trained, int lowest, int floats)
    {
        // In lines of 16 floats the layers take 48, 16, 112, 64, 16 and 16, twice; what stands outside the stack, 32.
        Parameter[] parameters = [new("outside", -1, Initial.Zeros, 20), .. _counts.Select((count, l) => new Parameter($"p{l}", l, Initial.Zeros, count))];
        MemoryPlan plan = Arena.Measure(
            Purpose.Training, new Widths(), 1, 1, arena => new AdamW(0, InactiveMoments.Free).Reserve(arena, parameters), new KeptLayers(trained, lowest));
        Assert.Equal(2 * sizeof(float) * (32 + floats), plan[MemoryKind.OptimizerState]);
    }

    [Fact]
    public void More_layers_than_there_is_room_for_are_an_error()
    {
        using Optimized test = new(0, InactiveMoments.Free, new KeptLayers(1), 16, 16);
        Assert.Throws<InvalidOperationException>(() => test.Step(1e-2, 0, 1));
    }

    [Theory]
    [InlineData(InactiveMoments.Clear)]
    [InlineData(InactiveMoments.Free)]
    public void Layers_come_and_go_without_an_allocation(InactiveMoments inactive)
    {
        using Optimized test = new(0, inactive, new KeptLayers(2), _counts);
        Parameter[][] draws = [[test.Parameters[2], test.Parameters[3]], [test.Parameters[0], test.Parameters[2]]];
        test.Optimizer.Step(test.Run, draws[0], 1e-2);
        test.Optimizer.Step(test.Run, draws[1], 1e-2);
        Assert.Equal(0, Allocations.Of(() =>
        {
            test.Optimizer.Step(test.Run, draws[0], 1e-2);
            test.Optimizer.Step(test.Run, draws[1], 1e-2);
        }));
    }
}
