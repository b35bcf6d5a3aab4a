using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;

namespace Ist.Runtime.Models;

/// <summary>A model architecture: how its configuration is read and how it is made with a PEFT method.</summary>
public interface IModelFamily
{
    /// <summary>Its <c>model_type</c> in <c>config.json</c>.</summary>
    string ModelType { get; }

    /// <summary>The prefix that tensor names lack when a checkpoint was saved without its head, with its dot.</summary>
    string BaseModelPrefix { get; }

    /// <summary>The modules that a method adapts unless it is told which, as peft has them.</summary>
    IReadOnlyList<string> DefaultTargets { get; }

    /// <summary>peft's name of what the model does (<c>task_type</c>).</summary>
    string TaskType => "CAUSAL_LM";

    /// <summary>
    /// Modules that every adapter trains whole and saves, as peft does for its task types: a classifier's head, by the names that it
    /// has in one model or another.
    /// </summary>
    IReadOnlyList<string> HeadModules => [];

    /// <summary>Reads the configuration.</summary>
    /// <exception cref="InputException">A value is missing, contradicts another, or asks for what the family's parts do not compute.</exception>
    ModelConfig Read(JsonConfig config);

    /// <summary>Makes the model.</summary>
    IModel Create<P>(Scope scope) where P : IPeft<P>;

    /// <summary>Whether a tensor may be missing, because it is part of a task's head, which begins at random and is trained.</summary>
    bool MayBeginAnew(string tensor) => false;

    /// <summary>Whether a tensor of a checkpoint is a buffer that the model does not load.</summary>
    bool IsBuffer(string tensor);
}
