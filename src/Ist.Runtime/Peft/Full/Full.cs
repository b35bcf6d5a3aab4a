namespace Ist.Runtime.Peft;

/// <summary>
/// Full fine-tuning: every weight of the base model is a parameter in F32, and layers add the gradients of their own
/// weights. The slots stay bare.
/// </summary>
public readonly struct Full : IPeft<Full>
{
    /// <inheritdoc/>
    /// <remarks>The host's weight needs it, which the slot knows by itself.</remarks>
    public static bool ReadsInput(in Full self) => false;
}
