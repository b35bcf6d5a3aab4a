using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// Prompt tuning (Lester et al., arXiv 2104.08691): learned rows [virtual tokens, token_dim] stand before the embeddings of each
/// sequence and pass through the whole model with them. They begin as <see cref="PromptInit"/> says.
/// <para>
/// Backward: each row's gradient is the sum over the sequences of the gradients by its copies.
/// </para>
/// </summary>
public readonly unsafe struct PromptTuning : IPeft<PromptTuning>
{
    private readonly Parameter? _rows;

    private PromptTuning(Parameter rows) => _rows = rows;

    /// <inheritdoc/>
    public static PromptTuning CreateEmbedding<V, D>(Scope scope, Embedding<V, D> host) where V : IWidth where D : IWidth
    {
        var options = (PromptOptions)scope.Peft;
        if (scope.Width<D>() != options.Config.Shared.TokenDim)
            throw new InputException($"{options.Source}: prompt tuning gives tokens as wide as the model, but this one's embeddings are projected to that width; give another method.");
        var parameter = new Parameter(PromptConfig.Key, scope.Layer, Initial.Normal, options.Config.Shared.NumVirtualTokens, scope.Width<D>())
        {
            Deviation = 1,
            Draw = Beginning(options, host.Weight),
        };
        scope.Contents.Add(parameter);
        return new PromptTuning(parameter);
    }

    /// <inheritdoc/>
    public static bool Merges => false;

    /// <inheritdoc/>
    public static bool ReadsInput(in PromptTuning self) => false;

    /// <inheritdoc/>
    public static string? Describe(in PromptTuning self) => self._rows is null ? null : $"prompt of {self._rows.Shape[0]} virtual tokens";

    /// <inheritdoc/>
    public static void Forward<V, D>(Run run, Act<D> y, Act<Own> saved, Ids ids, in PromptTuning self, Embedding<V, D> host)
        where V : IWidth where D : IWidth
    {
        Embedding.Forward(run, y, ids, host);
        PromptRows.Forward(run, y, self._rows!.Value);
    }

    /// <inheritdoc/>
    /// <remarks>The host is frozen in this method.</remarks>
    public static void BackwardWeights<V, D>(
        Run run, Act<D> dy, Ids ids, Act<Own> saved, Act<Own> dsaved, in PromptTuning self, Embedding<V, D> host)
        where V : IWidth where D : IWidth =>
        PromptRows.Backward(run, self._rows!.Gradient, dy);

    // Null leaves the parameter's own beginning.
    private static Action<Span<float>, ulong>? Beginning(PromptOptions options, Weight table) => options.Config.Init switch
    {
        PromptInit.SampleVocab => (values, key) => Copy(values, table, i => (int)(Uniform.Double(key, 0, (ulong)i) * table.Shape[0])),
        PromptInit.Text when !options.InitTokens.IsEmpty => (values, _) => Copy(values, table, i => options.InitTokens[i % options.InitTokens.Length]),
        _ => null,
    };

    private static void Copy(Span<float> rows, Weight table, Func<int, int> id)
    {
        int width = (int)table.Shape[1];
        for (int i = 0; i < rows.Length / width; i++)
            FloatConverter.Widen(table.StoredDType, (byte*)table.StoredOnHost + (long)id(i) * width * table.StoredDType.BitSize / 8, rows.Slice(i * width, width));
    }
}
