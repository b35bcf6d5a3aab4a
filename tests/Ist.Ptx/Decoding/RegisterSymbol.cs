using Ist.Ptx.Execution;

namespace Ist.Ptx.Decoding;

/// <summary>A register.</summary>
internal sealed record RegisterSymbol(Register Register) : Symbol;
