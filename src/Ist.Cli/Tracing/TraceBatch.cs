using Ist.Models;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Cli.Tracing;

/// <summary>
/// The batch of a trace: <c>input_ids</c>, <c>attention_mask</c>, <c>labels</c> of a safetensors file, as Hugging Face takes them. A
/// classifier has a label for each sequence, and may have <c>token_type_ids</c>.
/// </summary>
internal sealed class TraceBatch : IDisposable
{
    private TraceBatch(Batch batch) => Batch = batch;

    /// <summary>The batch.</summary>
    public Batch Batch { get; }

    /// <summary>Reads a file; tensors of other names in it are left alone.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loaded">Says how large ids may be, how long sequences, and what is predicted.</param>
    /// <exception cref="InputException">A tensor is missing, or has another dtype, shape or content.</exception>
    public static TraceBatch Load(string path, LoadedModel loaded)
    {
        ModelConfig model = loaded.Config;
        bool classifies = loaded.Model is ISequenceClassifier;
        using var file = new SafeTensorsFile(path);
        (TensorEntry ids, TensorEntry mask, TensorEntry labels) = (Find(file, "input_ids"), Find(file, "attention_mask"), Find(file, "labels", classifies ? 1 : 2));
        TensorEntry? types = classifies && file.Tensors.ContainsKey("token_type_ids") ? Find(file, "token_type_ids") : null;
        foreach (TensorEntry other in new[] { mask, types ?? mask, classifies ? mask : labels })
        {
            if (!other.Shape.AsSpan().SequenceEqual(ids.Shape.AsSpan()))
                throw new InputException($"{path}: '{other.Name}' has shape {Shape(other)}, but 'input_ids' has {Shape(ids)}; give all the same shape");
        }
        if (labels.Shape[0] != ids.Shape[0])
            throw new InputException($"{path}: 'labels' has shape {Shape(labels)}, but 'input_ids' has {Shape(ids)}; give a label for each row");
        (long sequences, long time) = (ids.Shape[0], ids.Shape[1]);
        if (sequences < 1 || time < 1 || time > loaded.MaxTokens)
            throw new InputException($"{path}: 'input_ids' has shape {Shape(ids)}; expected at least one row, of 1 to {loaded.MaxTokens} tokens (max_position_embeddings, less virtual tokens)");
        var batch = new Batch(checked((int)sequences), (int)time, loaded.Peft.VirtualTokens);
        try
        {
            if (classifies)
            {
                long[] segments = types is null ? [] : Values(file, types);
                batch.FillClassified(Values(file, ids), Values(file, mask), segments, Values(file, labels), (int)time, model.Widths.Of<Vocab>(), model.Widths.Of<Labels>());
            }
            else
            {
                batch.Fill(Values(file, ids), Values(file, mask), Values(file, labels), (int)sequences, (int)time, model.Widths.Of<Vocab>());
            }
            return batch.TrainedTokens + batch.TrainedSequences > 0
                ? new TraceBatch(batch)
                : throw new InputException($"{path}: 'labels' are all -100 (or follow padding), so there is no loss; label at least one {(classifies ? "row" : "token")}");
        }
        catch (InputException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            batch.Dispose();
            throw new InputException($"{path}: {e.Message}", e);
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Batch.Dispose();

    private static TensorEntry Find(SafeTensorsFile file, string name, int dimensions = 2)
    {
        if (!file.Tensors.TryGetValue(name, out TensorEntry? entry))
            throw new InputException($"{file.Path}: tensor '{name}' is missing{NearestName.Hint(name, file.Tensors.Keys)}; expected input_ids, attention_mask and labels");
        if (entry.DType != DType.I64 || entry.Shape.Length != dimensions)
            throw new InputException($"{file.Path}: '{name}' is {entry.DType} {Shape(entry)}; expected I64 {(dimensions == 1 ? "[batch]" : "[batch, time]")}");
        return entry;
    }

    private static long[] Values(SafeTensorsFile file, TensorEntry entry)
    {
        long[] values = new long[entry.Count];
        file.CopyTo(entry, values);
        return values;
    }

    private static string Shape(TensorEntry entry) => "[" + string.Join(", ", entry.Shape) + "]";
}
