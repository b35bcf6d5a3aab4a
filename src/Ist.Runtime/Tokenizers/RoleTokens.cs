namespace Ist.Runtime.Tokenizers;

/// <summary>The tokens with a role, by their text; null where a role has none.</summary>
internal sealed record RoleTokens(string? Bos, string? Eos, string? Pad, string? Unk)
{
    /// <summary>No role has a token.</summary>
    public static RoleTokens None { get; } = new(null, null, null, null);
}
