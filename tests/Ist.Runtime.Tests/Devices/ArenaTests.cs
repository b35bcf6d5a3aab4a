using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Devices;

public sealed class ArenaTests
{
    private static readonly Widths _widths = new Widths().Set<Model>(8);

    [Fact]
    public void Memory_is_given_back_once_however_often_it_is_disposed()
    {
        using var device = new CountingDevice();
        Arena arena = Arena.Create(device, Purpose.Evaluation, _widths, 1, 4, a => a.Saved<Model>());

        arena.Dispose();
        arena.Dispose();

        Assert.Equal(1, device.Freed);
        Assert.Throws<ObjectDisposedException>(() => arena.Saved<Model>());
    }

    [Fact]
    public void A_layout_that_fails_leaves_no_memory_behind()
    {
        using var device = new CountingDevice();

        Assert.Throws<InvalidOperationException>(() => Arena.Create(device, Purpose.Evaluation, _widths, 1, 4, a =>
        {
            if (!a.Measuring)
                throw new InvalidOperationException();
        }));

        Assert.Equal(1, device.Freed);
    }

    [Fact]
    public void A_batch_of_more_rows_than_can_be_counted_is_refused()
    {
        var e = Assert.Throws<InputException>(() => Arena.Measure(Purpose.Training, _widths, 100_000, 100_000, _ => { }));
        Assert.Contains("100000 sequences of 100000 tokens", e.Message, StringComparison.Ordinal);
    }

    private sealed unsafe class CountingDevice : Device
    {
        private readonly CpuDevice _cpu = new(threads: 1);

        public int Freed { get; private set; }

        public override string Name => "counting";

        public override bool IsHost => true;

        public override void Require(Precision precision) => _cpu.Require(precision);

        public override void* Allocate(long bytes) => _cpu.Allocate(bytes);

        public override void Upload(void* from, void* to, long bytes) => _cpu.Upload(from, to, bytes);

        public override void Download(void* from, void* to, long bytes) => _cpu.Download(from, to, bytes);

        public override void Clear(void* memory, long bytes) => _cpu.Clear(memory, bytes);

        public override void MoveDown(void* from, void* to, long bytes) => _cpu.MoveDown(from, to, bytes);

        public override void Free(void* memory)
        {
            Freed++;
            _cpu.Free(memory);
        }

        public override void Dispose() => _cpu.Dispose();
    }
}
