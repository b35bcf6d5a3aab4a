namespace Ist.Runtime.Checkpoints;

/// <summary>peft's <c>bias</c>: which biases of the base model are trained beside the adapters.</summary>
public enum BiasTraining
{
    /// <summary>No bias.</summary>
    None,

    /// <summary>Every bias of the model.</summary>
    All,

    /// <summary>The biases of the adapted modules. peft calls it after the method: <c>lora_only</c>, <c>vera_only</c>.</summary>
    Adapted,
}
