namespace Ist.Runtime.Peft;

/// <summary>
/// LayerNorm tuning (Zhao et al., arXiv 2312.11420): the weights, and where there are any the biases, of the model's norms are
/// parameters in F32, and everything else is frozen. The slots stay bare.
/// </summary>
public readonly struct LnTuning : IPeft<LnTuning>
{
    /// <inheritdoc/>
    public static bool ReadsInput(in LnTuning self) => false;
}
