using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Devices;

public sealed unsafe class BufferSpaceTests : IDisposable
{
    private static readonly Widths _widths = new Widths().Set<Model>(16);

    private readonly CpuDevice _device = new(threads: 1);

    public void Dispose() => _device.Dispose();

    [Fact]
    public void What_is_kept_shares_with_nothing()
    {
        Act<Model> first = default, second = default;
        using Arena arena = Make(Purpose.Training, a => (first, second) = (a.Keeping.Take<Model>(0, 0), a.Keeping.Take<Model>(1, 1)));

        Assert.True(first.Data != second.Data);
        Assert.Equal(2 * 64 * 4, arena.Plan[MemoryKind.SavedActivations]);
        Assert.Equal(arena.Plan.Total, arena.Size);
    }

    [Fact]
    public void Without_a_backward_pass_nothing_is_kept()
    {
        Act<Model> first = default, second = default;
        using Arena arena = Make(Purpose.Evaluation, a => (first, second) = (a.Keeping.Take<Model>(0, 0), a.Keeping.Take<Model>(1, 1)));

        Assert.True(first.Data == second.Data);
        Assert.Equal(64 * 4, arena.Size);
    }

    [Fact]
    public void What_no_backward_pass_reads_is_not_kept()
    {
        using Arena arena = Make(Purpose.Training, a => a.Keeping.Take<Model>(0, 0, keep: false));
        Assert.Equal(0, arena.Plan[MemoryKind.SavedActivations]);
    }

    [Fact]
    public void Where_layers_are_made_again_all_is_kept_that_one_of_them_needs()
    {
        using Arena arena = Make(Purpose.Training, a => a.Keeping.Take<Model>(0, 0, keep: false), new KeptLayers(1, 0, Recomputed: true));
        Assert.Equal(64 * 4, arena.Plan[MemoryKind.SavedActivations]);
    }

    [Fact]
    public void What_layers_do_not_keep_is_the_same_for_all()
    {
        var first = new List<nint>();
        var second = new List<nint>();
        using Arena arena = Make(Purpose.Training, a =>
        {
            BufferSpace space = a.Keeping;
            foreach (List<nint> layer in (List<nint>[])[first, second])
            {
                layer.Clear();
                BufferSpace inside = space.Layer(1);
                layer.Add((nint)inside.Take<Model>(0, 1, keep: false).Data);
                layer.Add((nint)inside.Within(0).Take<Model>(0, 1, keep: false).Data);
                layer.Add((nint)inside.Take<Model>(0, 1).Data);
            }
        });

        Assert.Equal(first[..2], second[..2]);
        Assert.NotEqual(first[0], first[1]);
        Assert.NotEqual(first[2], second[2]);
        Assert.Equal(2 * 64 * 4, arena.Plan[MemoryKind.Scratch]);
    }

    [Fact]
    public void A_layer_unlike_the_first_is_refused() => Assert.Throws<InvalidOperationException>(() => Make(Purpose.Training, a =>
    {
        BufferSpace space = a.Keeping;
        space.Layer(1).Take<Model>(0, 1, keep: false);
        space.Layer(1).Take<Model>(0, 2, keep: false);
    }));

    [Fact]
    public void A_life_around_a_nested_part_covers_all_its_steps()
    {
        Act<Model> outer = default, inner = default, deepest = default, after = default;
        using Arena arena = Make(Purpose.Evaluation, a =>
        {
            BufferSpace space = a.Forward;
            outer = space.Take<Model>(0, 1);
            inner = space.Within(1).Take<Model>(5, 7);
            deepest = space.Within(1).Within(6).Within(0).Take<Model>(3, 3);
            after = space.Take<Model>(2, 2);
        });

        Assert.Equal(3 * 64 * 4, arena.Size);
        Assert.True(outer.Data != inner.Data && inner.Data != deepest.Data && outer.Data != deepest.Data);
        Assert.Contains((nint)after.Data, new[] { (nint)outer.Data, (nint)inner.Data, (nint)deepest.Data });
    }

    [Fact]
    public void Parts_nested_deeper_than_times_are_counted_live_as_long_as_the_step_around_them()
    {
        using Arena arena = Make(Purpose.Evaluation, a =>
        {
            BufferSpace space = a.Forward;
            for (int depth = 0; depth < 16; depth++)
                space = space.Within(1);
            space.Take<Model>(0, 0);
            space.Take<Model>(1, 1);
        });
        Assert.Equal(2 * 64 * 4, arena.Size);
    }

    [Fact]
    public void The_passes_share_all_space()
    {
        using Arena arena = Make(Purpose.Training, a =>
        {
            a.Forward.Within(3).Take<Model>(0, 9);
            a.Backward.Take<Model>(0, 9);
        });
        Assert.Equal(64 * 4, arena.Size);
    }

    [Fact]
    public void Tiles_live_between_the_passes_beside_what_they_read_and_set()
    {
        Act<Model> before = default, read = default, tile = default, set = default, after = default;
        using Arena arena = Make(Purpose.Training, a =>
        {
            before = a.Forward.Take<Model>(0, 1);
            read = a.Forward.Take<Model>(1, BufferSpace.Tiles);
            tile = a.Forward.Tile.Take<Model>(BufferSpace.Tiles, BufferSpace.Tiles);
            set = a.Backward.Take<Model>(BufferSpace.Tiles, 0);
            after = a.Backward.Take<Model>(0, 1);
        }, tileRows: 2);

        Assert.Equal((64 + 32 + 64) * 4, arena.Size);
        Assert.True(read.Data != set.Data && tile.Data != set.Data && tile.Data != read.Data);
        Assert.True(before.Data != read.Data && after.Data != set.Data);
        Assert.Equal(0, arena.Plan[MemoryKind.SavedActivations]);
    }

    [Theory]
    [InlineData(0, 5)] // each of the four others, and the output
    [InlineData(2, 3)]
    [InlineData(4, 1)]
    public void Inputs_of_layers_are_kept_from_the_lowest_on(int lowest, int kept)
    {
        Act<Model>[] chain = [];
        using Arena arena = Make(Purpose.Training, a =>
        {
            BufferSpace space = a.Keeping;
            chain = space.Chain(space.Take<Model>(0, 2, space.KeepsInput(0)), 4, 1, 2);
        }, new KeptLayers(1, lowest));

        Assert.Equal(5, chain.Length);
        Assert.Equal(kept * 64 * 4, arena.Plan[MemoryKind.SavedActivations]);
        for (int l = 1; l < chain.Length; l++)
            Assert.True(chain[l].Data != chain[l - 1].Data, $"layer {l - 1} would write to its own input");
    }

    [Fact]
    public void In_BF16_layers_values_take_half()
    {
        List<nint> halves = [], singles = [];
        Arena.Measure(Purpose.Training, _widths, 1, 4, Take, precision: Precision.TF32);
        Assert.All(halves, address => Assert.False(BFloat16Address.Is((void*)address)));
        long exact = Plan(Precision.F32), rounded = Plan(Precision.BF16);

        // The third has room where those of tiles are.
        Assert.Equal(2 * 64 * 2, exact - rounded);
        Assert.All(halves, address => Assert.True(BFloat16Address.Is((void*)address)));
        Assert.All(singles, address => Assert.False(BFloat16Address.Is((void*)address)));
        Assert.True(BFloat16Address.Real((void*)halves[1]) == BFloat16Address.Real((void*)halves[0]) + 64);

        long Plan(Precision precision)
        {
            using Arena arena = Arena.Create(_device, Purpose.Training, _widths, 1, 4, Take, precision: precision);
            Assert.Equal(arena.Plan.Total, arena.Size);
            return arena.Size;
        }

        void Take(Arena arena)
        {
            halves = [(nint)arena.Keeping.Take<Model>(0, 0).Data, (nint)arena.Keeping.Take<Model>(0, 0).Data, (nint)arena.Backward.Take<Model>(0, 0).Data];
            singles =
            [
                (nint)arena.Keeping.TakeSingle<Model>(0, 0).Data, (nint)arena.Keeping.Take<Own>(16, 0, 0).Data, (nint)arena.Keeping.TakeIds<Model>(0, 0).Data,
                (nint)arena.Forward.Tile.Take<Model>(0, 0).Data, (nint)arena.Keeping.BySequence.Take<Model>(0, 0).Data, (nint)arena.Keeping.Chain(default(Act<Model>), 1, 0, 1)[1].Data,
            ];
        }
    }

    private Arena Make(Purpose purpose, Action<Arena> layout, KeptLayers? kept = null, int tileRows = Tiles.MostRows) =>
        Arena.Create(_device, purpose, _widths, 1, 4, layout, kept, tileRows);
}
