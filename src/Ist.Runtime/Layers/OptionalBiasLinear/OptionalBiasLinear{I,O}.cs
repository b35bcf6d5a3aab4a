using Ist.Runtime.Declaring;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>y = x W^T + b, with W [O, I] and b [O], or y = x W^T in a model whose configuration leaves the biases out.</summary>
/// <typeparam name="I">The input.</typeparam>
/// <typeparam name="O">The output.</typeparam>
[OffersSlot(typeof(LinearSlot<,,>))]
public sealed class OptionalBiasLinear<I, O> : Linear<I, O> where I : IWidth where O : IWidth
{
    /// <summary>Takes the weight <c>[O, I]</c> and, where the configuration has it, the bias <c>[O]</c> of the scope's name.</summary>
    public OptionalBiasLinear(Scope scope) : base(scope)
    {
        if (scope.Options<BiasOptions>().Has(scope.Name))
            TakeBias(scope);
    }
}
