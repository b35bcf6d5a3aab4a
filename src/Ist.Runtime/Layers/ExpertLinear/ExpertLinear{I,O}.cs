using Ist.Runtime.Declaring;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// One <see cref="Linear{I, O}"/> for each expert, over the rows that go to it. In its name in the checkpoint <c>*</c> stands for the
/// expert's number: <c>block_sparse_moe.experts.*.w1</c>.
/// </summary>
/// <typeparam name="I">The input of an expert.</typeparam>
/// <typeparam name="O">The output of an expert.</typeparam>
[OffersSlot(typeof(ExpertSlot<,,>))]
public sealed class ExpertLinear<I, O> where I : IWidth where O : IWidth
{
    private readonly Linear<I, O>[] _experts;

    /// <summary>Takes the weight <c>[O, I]</c> of each expert.</summary>
    public ExpertLinear(Scope scope) =>
        _experts = [.. Enumerable.Range(0, scope.Width<Experts>()).Select(e => new Linear<I, O>(scope.Numbered(e)))];

    /// <summary>Experts.</summary>
    public int Count => _experts.Length;

    /// <summary>Whether the run trains W of any expert, in this layer or in another that shares its buffers.</summary>
    public bool TrainsWeight => _experts.Any(expert => expert.TrainsWeight);

    /// <summary>One expert.</summary>
    public Linear<I, O> this[int expert] => _experts[expert];
}
