using Ist.Runtime.Devices;
using Ist.Runtime.Declaring;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Layers;
/// <summary/>
public static partial class CausalAttention
{
    /// <summary/>
    public static void Forward<Q, K>(Run run, [Result] Act<Q> y, [Saved(Width = nameof(CausalAttention<Q, K>.Heads))] Act<Own> lse, Act<Q> q, Act<K> k, Act<K> v, CausalAttention<Q, K> attention) where Q : IWidth where K : IWidth => throw new NotImplementedException();
    /// <summary/>
    public static void BackwardSet<Q, K>(Run run, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse, CausalAttention<Q, K> attention) where Q : IWidth where K : IWidth => throw new NotImplementedException();
}
