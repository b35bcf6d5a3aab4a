using Ist.Runtime.Declaring;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Kernels of <see cref="SplitHeads{F, Q, K}"/>: copies of the three parts of each head.</summary>
public static unsafe class SplitHeads
{
    /// <summary>query, key, value = the parts of each head of the fused row.</summary>
    /// <param name="run">The run.</param>
    /// <param name="query">Receives the queries, [rows, heads x head size].</param>
    /// <param name="key">Receives the keys, [rows, key heads x head size].</param>
    /// <param name="value">Receives the values, [rows, key heads x head size].</param>
    /// <param name="fused">The fused rows, [rows, heads x 3 x head size].</param>
    /// <param name="split">The head count.</param>
    public static void Forward<F, Q, K>(
        Run run, [Result] Act<Q> query, [Result] Act<K> key, [Result] Act<K> value, Act<F> fused, SplitHeads<F, Q, K> split)
        where F : IWidth where Q : IWidth where K : IWidth =>
        FusedHeads.Split(run, query.Data, key.Data, value.Data, fused.Data, split.Heads, query.Width, key.Width);

    /// <summary>dfused is put together from dquery, dkey and dvalue.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dfused">Receives the gradient by the fused rows, [rows, heads x 3 x head size].</param>
    /// <param name="dquery">The gradient by the queries, [rows, heads x head size].</param>
    /// <param name="dkey">The gradient by the keys, [rows, key heads x head size].</param>
    /// <param name="dvalue">The gradient by the values, [rows, key heads x head size].</param>
    /// <param name="split">The head count.</param>
    public static void BackwardSet<F, Q, K>(Run run, Act<F> dfused, Act<Q> dquery, Act<K> dkey, Act<K> dvalue, SplitHeads<F, Q, K> split)
        where F : IWidth where Q : IWidth where K : IWidth =>
        FusedHeads.Join(run, Into.Set, dfused.Data, dquery.Data, dkey.Data, dvalue.Data, split.Heads, dquery.Width, dkey.Width);

    /// <summary>dfused += what is put together from dquery, dkey and dvalue.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dfused">The gradient by the fused rows is added to it, [rows, heads x 3 x head size].</param>
    /// <param name="dquery">The gradient by the queries, [rows, heads x head size].</param>
    /// <param name="dkey">The gradient by the keys, [rows, key heads x head size].</param>
    /// <param name="dvalue">The gradient by the values, [rows, key heads x head size].</param>
    /// <param name="split">The head count.</param>
    public static void BackwardAdd<F, Q, K>(Run run, Act<F> dfused, Act<Q> dquery, Act<K> dkey, Act<K> dvalue, SplitHeads<F, Q, K> split)
        where F : IWidth where Q : IWidth where K : IWidth =>
        FusedHeads.Join(run, Into.Add, dfused.Data, dquery.Data, dkey.Data, dvalue.Data, split.Heads, dquery.Width, dkey.Width);
}
