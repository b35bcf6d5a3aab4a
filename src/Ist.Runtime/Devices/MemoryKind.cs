namespace Ist.Runtime.Devices;

/// <summary>What memory is for; a plan adds it up by kind.</summary>
public enum MemoryKind
{
    /// <summary>The base model, as it lies in its files.</summary>
    BaseWeights,

    /// <summary>Frozen weights laid out for products once for the whole run.</summary>
    PackedWeights,

    /// <summary>Tensors that training changes: adapters, or the whole model with full fine-tuning.</summary>
    Parameters,

    /// <summary>The parameters' gradients.</summary>
    Gradients,

    /// <summary>The optimizer's moments.</summary>
    OptimizerState,

    /// <summary>What the forward pass leaves for the backward pass.</summary>
    SavedActivations,

    /// <summary>Gradients of activations and other buffers that live within a step.</summary>
    Scratch,

    /// <summary>Logits, which become their own gradient in place.</summary>
    Logits,

    /// <summary>Keys and values of the tokens generated so far.</summary>
    KeyValueCache,

    /// <summary>Tables that the model needs, such as the rotary embedding's angles.</summary>
    Tables,
}
