namespace Ist.Models;

/// <summary>Which declaration a GPT-NeoX is made of.</summary>
/// <param name="Parallel">Whether the branches of a block stand side by side (<c>use_parallel_residual</c>).</param>
internal sealed record GptNeoXVariant(bool Parallel);
