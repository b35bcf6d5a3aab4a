using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// BitFit (Ben Zaken et al., arXiv 2106.10199): the model's biases are parameters in F32, and everything else is frozen. The slots
/// stay bare. Its file is a LoRA adapter with peft's <c>bias="all"</c> whose A and B are zero: see <see cref="BitFitOptions"/>.
/// </summary>
public readonly struct BitFit : IPeft<BitFit>
{
    /// <inheritdoc/>
    public static BitFit CreateLinear<I, O>(Scope scope, Linear<I, O> host) where I : IWidth where O : IWidth
    {
        if (((BitFitOptions)scope.Peft).IsNamed(scope.Name))
        {
            scope.Carry(LoraKeys.A(scope.Name), Initial.Zeros, BitFitOptions.Rank, host.Inputs);
            scope.Carry(LoraKeys.B(scope.Name), Initial.Zeros, host.Outputs, BitFitOptions.Rank);
        }
        return default;
    }
}
