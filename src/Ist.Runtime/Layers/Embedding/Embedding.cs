using Ist.Runtime.Devices;
using Ist.Runtime.Declaring;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Layers;
/// <summary/>
public static partial class Embedding
{
    /// <summary/>
    public static void Forward<V, D>(Run run, [Result] Act<D> y, Ids ids, Embedding<V, D> table) where V : IWidth where D : IWidth => throw new NotImplementedException();
    /// <summary/>
    public static void BackwardWeights<V, D>(Run run, Act<D> dy, Ids ids, Embedding<V, D> table) where V : IWidth where D : IWidth => throw new NotImplementedException();
}
