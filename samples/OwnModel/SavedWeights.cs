using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace OwnModel;

/// <summary>The weights of a file that this program wrote, used where they lie.</summary>
internal sealed class SavedWeights(SafeTensorsFile file) : IWeightSource
{
    public unsafe Weight Take(string name, ReadOnlySpan<long> shape)
    {
        if (!file.Tensors.TryGetValue(name, out TensorEntry? entry) || !entry.Shape.AsSpan().SequenceEqual(shape))
            throw new InputException($"{file.Path}: it has no tensor '{name}' of this shape; delete it and run the program again");
        return new Weight(name, entry.DType, file.Pointer(entry), shape.ToArray());
    }
}
