namespace Ist.Runtime.Peft;

/// <summary>No method: every slot is the bare layer.</summary>
public readonly struct NoPeft : IPeft<NoPeft>;
