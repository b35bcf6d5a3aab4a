namespace Ist.Runtime.Sparse;

/// <summary>
/// The control of IST: it learns the same importance and draws with its sign reversed, weights sigmoid(I), so that the layers which are
/// safest to suppress are trained most. Where importance tells anything, it must lose against <see cref="ImportanceSparseTuning"/>.
/// </summary>
/// <param name="layers">Layers of the stack.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="options">The method's constants.</param>
/// <exception cref="InputException">An option does not fit the stack.</exception>
public sealed class FlippedSparseTuning(int layers, ulong seed, IstOptions options) : ImportanceSparseTuning(layers, seed, options)
{
    /// <inheritdoc/>
    public override string Name => "ist-flipped";

    /// <inheritdoc/>
    protected override double WeightOf(double importance) => ImportanceUpdate.Sigmoid(importance);
}
