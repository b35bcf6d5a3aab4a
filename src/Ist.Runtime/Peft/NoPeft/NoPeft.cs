namespace Ist.Runtime.Peft;

/// <summary>No method: every slot is the bare layer.</summary>
public readonly struct NoPeft : IPeft<NoPeft>
{
    /// <inheritdoc/>
    public static bool ReadsInput(in NoPeft self) => false;
}
