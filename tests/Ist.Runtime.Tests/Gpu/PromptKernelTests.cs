using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>The rows of a prompt on the GPU beside the processor.</summary>
[Collection(GpuCollection.Name)]
public sealed unsafe class PromptKernelTests(GpuFixture fixture)
{
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(3, 37, false)]
    [InlineData(5, 132, true)]
    public void Rows_and_their_gradients_have_the_processors_bits(int virtualTokens, int width, bool packed)
    {
        using var test = new GpuTest(fixture, new KernelTest(1, 1));
        using Batch batch = Filled(new VirtualTokens(Prefix: 0, Prompt: virtualTokens), packed);
        float[] rows = Random(virtualTokens * width, 1), before = Random(batch.Rows * width, 2), gradient = Random(rows.Length, 3);

        (float[] y, float[] drows) expected = Pass(test.Cpu.Cpu), actual = Pass(test.Device);

        Assert.Equal(expected.y, actual.y);
        Assert.Equal(expected.drows, actual.drows);

        (float[] y, float[] drows) Pass(Device device)
        {
            var run = new Run(device, batch);
            float* memory = (float*)device.Allocate((before.Length + 2 * rows.Length) * sizeof(float)), values = memory + before.Length, gradients = values + rows.Length;
            device.Upload(before, memory);
            device.Upload(rows, values);
            device.Upload(gradient, gradients);
            PromptRows.Backward(run, gradients, new Act<Model>(memory, width));
            PromptRows.Forward(run, new Act<Model>(memory, width), values);
            (float[] y, float[] drows) = (new float[before.Length], new float[rows.Length]);
            device.Download(memory, y);
            device.Download(gradients, drows);
            device.Free(memory);
            return (y, drows);
        }
    }

    // Texts of different lengths, which are padded on the left or share a row.
    private static Batch Filled(VirtualTokens tokens, bool packed)
    {
        int[] lengths = [4, 1, 6];
        // The first prompt of a row comes on top.
        int room = 11 + 2 * tokens.Prompt;
        var batch = packed ? new Batch(1, room, tokens) : new Batch(3, 6, tokens);
        if (packed)
        {
            var texts = new DataSet([.. lengths.Select(length => new Example(new int[length], new int[length]))]);
            batch.Fill(texts.Examples, PackedRows.Of(texts, room, tokens.Prompt, seed: 1), [0]);
            return batch;
        }
        long[] ids = new long[18], mask = [.. Enumerable.Range(0, 18).Select(i => i % 6 >= 6 - lengths[i / 6] ? 1L : 0)];
        batch.Fill(ids, mask, ids, 3, 6, KernelTest.Vocabulary);
        return batch;
    }

    private static float[] Random(int count, int seed)
    {
        float[] values = new float[count];
        Numbers.Fill(values, seed, 1);
        return values;
    }
}
