using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>Attention of single tokens over a long cache, on the GPU beside the processor.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class DecodeKernelTests(GpuFixture fixture)
{
    // Measured: 4.4e-7 of the largest entry.
    private const double Tolerance = 1e-6;

    /// <summary>With 127 keys there is one part; with 128 there are two, with 231 three of 77.</summary>
    [Theory]
    [InlineData(4, 2, 12, 0, 0)]
    [InlineData(6, 1, 6, 0, 35)]
    [InlineData(2, 2, 130, 0, 0)]
    [InlineData(20, 1, 8, 0, 0)]
    [InlineData(4, 2, 12, 150, 0)]
    [InlineData(4, 2, 12, 190, 40)]
    public void A_token_sees_what_the_processors_sees(int heads, int keyHeads, int size, int window, int prefix) =>
        Check(new AttentionOptions(heads, keyHeads, size) { Windows = [null, window == 0 ? null : window] }, prefix);

    /// <summary>Activations and the cache in BF16.</summary>
    [Fact]
    public void A_token_sees_what_is_stored_in_BF16() => Check(new AttentionOptions(4, 2, 12), 3, Precision.BF16);

    [Fact]
    public void Caps_and_slopes_are_the_processors() => Check(new AttentionOptions(3, 3, 8) { Softcap = 1.5, Scale = 0.7, Alibi = true }, 0);

    private void Check(AttentionOptions options, int prefixCount, Precision precision = Precision.F32)
    {
        const int time = 231;
        using var test = new GpuTest(fixture, new KernelTest(1, time));
        KernelTest cpu = test.Cpu;
        int width = options.Heads * options.HeadSize, keyWidth = options.KeyValueHeads * options.HeadSize;
        CausalAttention<Query, KeyValue> attention = CausalAttentionTests.Layer(cpu, options);
        KeyValuePrefix prefix = prefixCount == 0 ? default : PrefixAttentionTests.Prefix(cpu, prefixCount, 1, keyWidth, out _);
        DType stored = precision == Precision.BF16 ? DType.BF16 : DType.F32;
        Act<Query> q = cpu.Random<Query>(width, 1, 2), y = cpu.Empty<Query>(width), gq = test.Copy(q, stored), gy = test.Copy(y, stored);
        Act<KeyValue> k = cpu.Random<KeyValue>(keyWidth, 2, 2), v = cpu.Random<KeyValue>(keyWidth, 3), gk = test.Copy(k, stored), gv = test.Copy(v, stored);
        Act<Own> lse = cpu.Empty<Own>(options.Heads), glse = test.Copy(lse);
        test.Device.Profile = new WorkProfile();
        using (Arena arena = Arena.Create(cpu.Cpu, Purpose.Generation, new Widths(), 1, time, attention.Reserve))
            Pieces(cpu.Run, q, k, v, y, lse, prefix);
        using (Arena arena = Arena.Create(test.Device, Purpose.Generation, new Widths(), 1, time, attention.Reserve, precision: precision))
        {
            Pieces(test.Run, gq, gk, gv, gy, glse, test.Copy(prefix));
            float[] last = test.Floats(gy);
            Pieces(test.Run, gq, gk, gv, gy, glse, test.Copy(prefix));
            Assert.Equal(last, test.Floats(gy));
        }

        Assert.Contains(test.Device.Profile.Jobs, jobs => jobs.Kernel.EndsWith("GpuJoin", StringComparison.Ordinal));
        test.Device.Profile = null;
        cpu.Batch.Fill(new int[time], 0);
        test.NearStored(Tolerance, y, gy, "y");
        test.Near(Tolerance, lse, glse, "lse");

        void Pieces(Run run, Act<Query> q, Act<KeyValue> k, Act<KeyValue> v, Act<Query> y, Act<Own> lse, KeyValuePrefix prefix)
        {
            int past = 0;
            foreach (int count in (int[])[126, 1, 1, 1, 101, 1])
            {
                cpu.Batch.Fill(new int[count], past);
                SoftmaxAttention.Forward(run, y.From(past), lse.From(past), q.From(past), k.From(past), v.From(past), attention, prefix);
                past += count;
            }
        }
    }
}
