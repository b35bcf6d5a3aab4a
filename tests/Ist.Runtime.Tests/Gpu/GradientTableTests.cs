using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>All gradients of a step in one launch.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class GradientTableTests(GpuFixture fixture)
{
    private static readonly int[] _counts = [7, (2 * GradientTable.PieceElements) + 1029, 1, GradientTable.PieceElements, 16];

    /// <summary>With room for six pieces all tensors together have longer ones.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(6)]
    public void Every_set_of_parameters_has_its_own_gradients_and_no_others(int room)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        var table = new GradientTable(test.Device, room);
        Parameter[] all = Make(test, out float[][] expected);
        int[][] sets = [[0, 1, 2, 3, 4], [1, 3], [1, 3], [0, 2, 4], [0, 1, 3, 4], []];
        for (int round = 0; round < sets.Length; round++)
        {
            Parameter[] some = [.. sets[round].Select(p => all[p])];
            double squares = sets[round].Sum(p => expected[p].Sum(g => (double)g * g));
            // Both sum in double precision, in orders of their own.
            Assert.Equal(squares, table.SumOfSquares(some), 1e-13 * squares);
            table.Scale(some, 0.75f);
            foreach (int p in sets[round])
                expected[p] = [.. expected[p].Select(g => 0.75f * g)];
            Same();
        }

        table.Clear([all[1], all[2]]);
        Array.Clear(expected[1]);
        Array.Clear(expected[2]);
        Same();

        void Same()
        {
            for (int p = 0; p < all.Length; p++)
                Assert.Equal(expected[p], test.Floats(all[p].Gradient, _counts[p]));
        }
    }

    [Fact]
    public void Each_pass_is_one_launch()
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        Parameter[] all = Make(test, out _);
        test.Device.Profile = new WorkProfile();
        test.Device.Gradients.Clear(all);
        GradientClipping.Clip(test.Run, all, 0);
        test.Device.Gradients.Scale(all, 2);
        Assert.Equal(["GradientTable.GpuClear", "GradientTable.GpuScale", "GradientTable.GpuSquares"], test.Device.Profile.Jobs.Select(jobs => jobs.Kernel).Order());
        Assert.All(test.Device.Profile.Jobs, jobs => Assert.Equal(1, jobs.Count));
        test.Device.Profile = null;
    }

    [Fact]
    public void More_tensors_than_there_is_room_for_are_refused()
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        var table = new GradientTable(test.Device, 4);
        Assert.Throws<InvalidOperationException>(() => table.Clear(Make(test, out _)));
    }

    private static Parameter[] Make(GpuTest test, out float[][] gradients)
    {
        Parameter[] all = [.. _counts.Select((count, p) => new Parameter($"p{p}", p, Initial.Zeros, count))];
        gradients = [.. _counts.Select(count => new float[count])];
        for (int p = 0; p < all.Length; p++)
        {
            Numbers.Fill(gradients[p], 10 + p, 1);
            fixed (float* gradient = gradients[p])
                all[p].Bind(null, test.Copy(gradient, _counts[p]));
        }
        return all;
    }
}
