using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// A router's choice: of each row's logits the largest k, whose softmax are the weights of these experts (Jiang et al., arXiv
/// 2401.04088, section 2.1). Equal logits go to the expert that comes first.
/// </summary>
/// <typeparam name="E">The experts.</typeparam>
public sealed class TopExperts<E> where E : IWidth
{
    /// <summary>Takes the numbers of experts, and the model's balance, to which it adds what it chooses.</summary>
    public TopExperts(Scope scope)
    {
        Begins = GC.AllocateArray<int>(scope.Width<E>(), pinned: true);
        Layer = Math.Max(0, scope.Layer);
        Balance = scope.Options<RouterBalance>();
        if (Balance.IsOn)
            scope.Contents.Add(Balance);
    }

    /// <summary>Keeps the experts evenly loaded, where it is on.</summary>
    public RouterBalance Balance { get; }

    /// <summary>The layer of the stack.</summary>
    internal int Layer { get; }

    /// <summary>Scratch, one for each expert; pinned.</summary>
    internal int[] Begins { get; }
}
