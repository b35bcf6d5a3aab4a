namespace Ist.Runtime.Tokenizers;

/// <summary>The ids with a role; <see cref="AllEos"/> holds every id that ends a generated text.</summary>
internal sealed record SpecialIds(int? Bos, int? Eos, int? Pad, int? Unk, IReadOnlyList<int> AllEos);
