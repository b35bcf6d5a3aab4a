using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>
/// Settings of <see cref="BitFit"/>. peft has no such method, so an adapter is written as the nearest thing that peft loads: LORA
/// with <c>bias="all"</c> and rank 1, where A and B of the modules that must be named are zero. What peft computes with it is the
/// base model with the trained biases, and nothing else.
/// </summary>
/// <param name="BaseModelNameOrPath"><c>base_model_name_or_path</c>.</param>
/// <param name="TaskType"><c>task_type</c>, such as <c>CAUSAL_LM</c>.</param>
/// <param name="NamedModules">The modules that <c>target_modules</c> names and that get no adapter all the same.</param>
public sealed record BitFitOptions(string? BaseModelNameOrPath, string? TaskType, ModuleSelector NamedModules) : PeftOptions
{
    /// <summary>The rank of the zeros.</summary>
    public const int Rank = 1;

    private readonly LoraOptions _written = new(
        new LoraAdapterConfig
        {
            BaseModelNameOrPath = BaseModelNameOrPath,
            TaskType = TaskType,
            R = Rank,
            LoraAlpha = Rank,
            Bias = BiasTraining.All,
            TargetModules = NamedModules,
        },
        nameof(BitFit));

    /// <summary>Whether a module is named in <c>target_modules</c>.</summary>
    public bool IsNamed(string module) => _written.Match(module) is not null;

    /// <inheritdoc/>
    public override WeightUse Use(BaseTensor tensor) => _written.Use(tensor);

    /// <inheritdoc/>
    public override void Check(ModelContents contents)
    {
        if (contents.Parameters.Count == 0)
            throw new InputException("--method is bitfit, which trains biases, but this model has none; give --method ln, lora, dora or ia3.");
    }

    /// <inheritdoc/>
    public override string ToAdapterConfig(IReadOnlyList<SlotEntry> slots) => _written.Config.ToJson();

    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) => family.Create<BitFit>(scope);
}
