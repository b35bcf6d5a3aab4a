using Ist.Runtime.Declaring;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = x V + b, with V [I, O] and b [O]: a linear layer whose weight W = V^T is stored the other way round, which transformers calls
/// <c>Conv1D</c> and GPT-2 is made of.
/// </summary>
/// <typeparam name="I">The input.</typeparam>
/// <typeparam name="O">The output.</typeparam>
[OffersSlot(typeof(LinearSlot<,,>))]
public sealed class Conv1D<I, O> : Linear<I, O> where I : IWidth where O : IWidth
{
    /// <summary>Takes the weight <c>[I, O]</c> and the bias <c>[O]</c> of the scope's name.</summary>
    public Conv1D(Scope scope) : base(scope, fanInFanOut: true) => TakeBias(scope);
}
