using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>The base weights of a Hugging Face folder, memory-mapped and in the precision of the file.</summary>
/// <param name="folder">The open folder; the model's weights are valid until it is disposed.</param>
/// <param name="mayBeginAnew">Says of a tensor that it may be missing: the head of a task that the checkpoint was not trained for.</param>
/// <param name="areRead">Whether the values are wanted, and so looked through for NaNs; not for a model that is only planned with.</param>
public sealed class CheckpointWeights(CheckpointFolder folder, Func<string, bool> mayBeginAnew, bool areRead = true) : IWeightSource
{
    /// <inheritdoc/>
    public unsafe Weight? Take(string name, ReadOnlySpan<long> shape)
    {
        if (mayBeginAnew(name) && !folder.TryGet(name, out _))
            return null;
        CheckpointTensor tensor = folder.Take(name, shape);
        if (tensor.DType is not (DType.F32 or DType.F16 or DType.BF16))
            throw new InputException($"{tensor.File}: '{tensor.Name}' is {tensor.DType}; weights must be F32, F16 or BF16. Convert the checkpoint.");
        if (areRead)
            tensor.RequireFinite();
        return new Weight(name, tensor.DType, tensor.Pointer, shape.ToArray());
    }

    /// <summary>Refuses a folder with tensors that the model did not take.</summary>
    /// <param name="expected">Says of a tensor that the model needs none of it: a buffer that old files carry.</param>
    /// <exception cref="InputException">Names them.</exception>
    public void RequireAllTaken(Func<string, bool> expected)
    {
        string[] left = [.. folder.Untaken.Where(name => !expected(name))];
        if (left.Length == 0)
            return;
        throw new InputException(
            $"{folder.Path}: the checkpoint has {(left.Length == 1 ? "a tensor" : $"{left.Length} tensors")} that this model does not use: {OneLine.List(left, most: 3)}. "
            + "It is of another architecture, or its config.json does not fit.");
    }
}
