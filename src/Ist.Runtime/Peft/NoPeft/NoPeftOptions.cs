using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="NoPeft"/>: none.</summary>
public sealed record NoPeftOptions : PeftOptions
{
    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) => family.Create<NoPeft>(scope);
}
