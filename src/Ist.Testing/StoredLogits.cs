using System.Globalization;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Testing;

/// <summary>
/// Compares a model's logits with those of another program. The safetensors file has <c>input_ids</c> [sequences, time] and the logits
/// [sequences, time, vocab] (F32 or F64), and may have <c>attention_mask</c>: padded places are not compared.
/// </summary>
public static class StoredLogits
{
    /// <summary>Compares.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model, with its weights.</param>
    /// <param name="widths">The sizes of its marker types.</param>
    /// <param name="tolerance">How far a logit may be; 2e-5 is what another order of summation in F32 moves.</param>
    /// <param name="logits">The tensor's name.</param>
    /// <returns>The largest distance.</returns>
    /// <exception cref="TestingException">A logit is further away; names the first.</exception>
    /// <exception cref="Runtime.InputException">The file can't be read, or its ids are not the model's.</exception>
    public static unsafe double Check(string path, ICausalLm model, Widths widths, double tolerance = 2e-5, string logits = "logits")
    {
        using var file = new SafeTensorsFile(path);
        TensorEntry ids = Entry(file, "input_ids"), stored = Entry(file, logits);
        int vocab = widths.Of<Vocab>();
        if (ids.Shape.Length != 2 || !stored.Shape.AsSpan().SequenceEqual([.. ids.Shape, vocab]))
            throw new TestingException($"{path}: '{logits}' is {Shape(stored)} for input_ids of {Shape(ids)}; expected [sequences, time, {vocab}].");
        (int sequences, int time) = ((int)ids.Shape[0], (int)ids.Shape[1]);
        using var device = new CpuDevice();
        using var batch = new Batch(sequences, time);
        long[] tokens = Longs(file, ids);
        long[] mask = file.Tensors.TryGetValue("attention_mask", out TensorEntry? entry) ? Longs(file, entry) : [.. tokens.Select(_ => 1L)];
        batch.Fill(tokens, mask, tokens, sequences, time, vocab);
        var parameters = new ParameterSet(model.Contents);
        using Arena arena = Arena.Create(device, Purpose.Evaluation, widths, sequences, time, a =>
        {
            parameters.Reserve(a);
            model.Allocate(a);
        });
        parameters.Initialise(seed: 0);
        var run = new Run(device, batch);
        model.Forward(run, LayerPlan.Nothing(model.LayerCount));
        double worst = 0;
        double[] expected = Doubles(file, stored);
        for (int row = 0; row < sequences * time; row++)
        {
            if (mask[row] == 0)
                continue;
            ReadOnlySpan<float> actual = model.ForwardTile(run.Tile(row, rows: 1)).Row(0);
            for (int i = 0; i < vocab; i++)
            {
                double distance = Math.Abs(actual[i] - expected[row * vocab + i]);
                if (!(distance <= tolerance))
                {
                    throw new TestingException(string.Create(CultureInfo.InvariantCulture,
                        $"{path}: the logit of token {i} in sequence {row / time}, place {row % time} is {actual[i]:G8}, stored is {expected[row * vocab + i]:G8}: {distance:E1} apart, allowed {tolerance:E1}"));
                }
                worst = Math.Max(worst, distance);
            }
        }
        return worst;
    }

    private static TensorEntry Entry(SafeTensorsFile file, string name) => file.Tensors.TryGetValue(name, out TensorEntry? entry)
        ? entry
        : throw new TestingException($"{file.Path}: it has no tensor '{name}'; it has {string.Join(", ", file.Tensors.Keys.Order(StringComparer.Ordinal).Take(20))}.");

    private static string Shape(TensorEntry entry) => $"[{string.Join(", ", entry.Shape)}]";

    private static long[] Longs(SafeTensorsFile file, TensorEntry entry)
    {
        long[] values = new long[entry.Count];
        file.CopyTo(entry, values);
        return values;
    }

    private static double[] Doubles(SafeTensorsFile file, TensorEntry entry)
    {
        double[] values = new double[entry.Count];
        if (entry.DType == DType.F64)
        {
            file.CopyTo(entry, values);
            return values;
        }
        float[] floats = new float[entry.Count];
        file.CopyTo(entry, floats);
        return Array.ConvertAll(floats, f => (double)f);
    }
}
