namespace Ist.Ptx.Decoding;

/// <summary>What a name stands for.</summary>
internal abstract record Symbol;
