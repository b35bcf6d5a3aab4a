using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="Full"/>.</summary>
public sealed record FullOptions : PeftOptions
{
    /// <inheritdoc/>
    public override WeightUse Use(BaseTensor tensor) => WeightUse.Trained($"{tensor.Module}.{tensor.Name}");

    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) => family.Create<Full>(scope);
}
