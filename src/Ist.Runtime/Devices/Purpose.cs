namespace Ist.Runtime.Devices;

/// <summary>What a model's buffers are laid out for.</summary>
public enum Purpose
{
    /// <summary>Forward and backward: every layer keeps what its backward pass reads.</summary>
    Training,

    /// <summary>Forward only: all layers share one set of buffers.</summary>
    Evaluation,

    /// <summary>Forward only, token by token, with a cache of keys and values.</summary>
    Generation,
}
