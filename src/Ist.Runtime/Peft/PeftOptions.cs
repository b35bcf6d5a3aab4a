using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>The settings of a PEFT method; each method derives its own.</summary>
public abstract record PeftOptions
{
    /// <summary>What becomes of a tensor of the base model; asked once for each, while the model is constructed.</summary>
    public virtual WeightUse Use(BaseTensor tensor) => WeightUse.Frozen;

    /// <summary>What gets an adapter; null for a method that has none.</summary>
    public virtual ModuleSelector? TargetModules => null;

    /// <summary>What the method puts before each sequence.</summary>
    public virtual VirtualTokens VirtualTokens => default;

    /// <summary>The settings for one model: what was left open follows from its configuration.</summary>
    /// <param name="model">The model's configuration.</param>
    /// <exception cref="InputException">A setting does not fit the model; names both.</exception>
    public virtual PeftOptions For(ModelConfig model) => this;

    /// <summary>The name of the file that an adapter's tensors are in.</summary>
    public virtual string TensorFile => AdapterFolder.TensorFile;

    /// <summary>The text of peft's <c>adapter_config.json</c>; null for a method that has no adapter.</summary>
    /// <param name="slots">The model's slots, once it is constructed.</param>
    public virtual string? ToAdapterConfig(IReadOnlyList<SlotEntry> slots) => null;

    /// <summary>The name that a tensor of the adapter's file has among the parameters of a peft model; the same for most.</summary>
    public virtual string NameInModel(string key) => key;

    /// <summary>Makes a model of the family with the method in its slots.</summary>
    public abstract IModel Create(IModelFamily family, Scope scope);

    /// <summary>Refuses settings that do not fit the model: a target that no module bears.</summary>
    /// <param name="contents">What the model has, once it is constructed.</param>
    /// <exception cref="InputException">Names the setting and what is there.</exception>
    public virtual void Check(ModelContents contents)
    {
    }
}
