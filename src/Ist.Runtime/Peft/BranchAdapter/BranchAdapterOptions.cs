using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="BranchAdapter"/>, as AdapterHub has them.</summary>
/// <param name="Config">What stands in <c>adapter_config.json</c>.</param>
/// <param name="Source">Where it comes from (a file, the command line), for error messages.</param>
public sealed record BranchAdapterOptions(BranchAdapterConfig Config, string Source) : PeftOptions
{
    /// <inheritdoc/>
    public override string TensorFile => BranchAdapterConfig.TensorFile;

    /// <summary>f.</summary>
    public ActivationFunction Function { get; } = ActivationFunctions.TryGet(Config.NonLinearity, out ActivationFunction function)
        ? function
        : throw new InputException($"{Source}: 'non_linearity' is {OneLine.Quote(Config.NonLinearity)}; expected one of {string.Join(", ", ActivationFunctions.Names)}");

    /// <summary>Elements of a row in the middle of an adapter, which AdapterHub rounds down, but not to 0.</summary>
    public int SizeOf(int width) => (int)Math.Max(1, Math.Floor(width / Config.ReductionFactor));

    /// <summary>
    /// Whether there is an adapter behind a branch, in some layer at least. The names of AdapterHub's slots tell the two kinds apart:
    /// <c>attention_adapters</c> and, of BERT, <c>attention.output</c> against <c>output_adapters</c> and <c>output</c>.
    /// </summary>
    public bool Has(string slot) => IsBehindAttention(slot) ? Config.MhAdapter : Config.OutputAdapter;

    /// <inheritdoc/>
    public override void Check(ModelContents contents)
    {
        if (contents.Slots.All(slot => slot.Description is null))
        {
            throw new InputException($"{Source}: the model has no adapter behind any of its branches: its family declares no such slots, "
                + "or mh_adapter and output_adapter are false, or leave_out has every layer");
        }
    }

    /// <inheritdoc/>
    public override string ToAdapterConfig(IReadOnlyList<SlotEntry> slots) => Config.ToJson();

    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) => family.Create<BranchAdapter>(scope);

    private static bool IsBehindAttention(string slot)
    {
        string[] parts = slot.Split('.');
        return parts[^1].StartsWith("attention", StringComparison.Ordinal) || (parts.Length > 1 && parts[^2] == "attention");
    }
}
