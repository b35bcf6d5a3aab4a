using Ist.Ptx.Execution;

namespace Ist.Ptx.Decoding;

/// <summary>A register and its type.</summary>
internal sealed record RegisterSymbol(Register Register, PtxType Type) : Symbol;
