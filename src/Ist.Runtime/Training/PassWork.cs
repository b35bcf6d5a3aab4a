namespace Ist.Runtime.Training;

/// <summary>Floating point operations of a pass, by what they are for.</summary>
/// <param name="Layers">Products with the weights of the stack's layers.</param>
/// <param name="Attention">Scores and sums of attention.</param>
/// <param name="Adapters">Products with adapters.</param>
/// <param name="Head">Products outside the stack: the output head.</param>
public readonly record struct PassWork(double Layers, double Attention, double Adapters, double Head)
{
    /// <summary>All of them.</summary>
    public double Total => Layers + Attention + Adapters + Head;

    /// <summary>Those of both.</summary>
    public static PassWork operator +(PassWork left, PassWork right) => new(
        left.Layers + right.Layers, left.Attention + right.Attention, left.Adapters + right.Adapters, left.Head + right.Head);

    /// <summary>So many times as many.</summary>
    public static PassWork operator *(PassWork work, double times) => new(
        work.Layers * times, work.Attention * times, work.Adapters * times, work.Head * times);
}
