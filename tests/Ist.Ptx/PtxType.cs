namespace Ist.Ptx;

/// <summary>A fundamental type of PTX: b8 to b128, u8 to u64, s8 to s64, f16 to f64 and packed ones; of a predicate, Bytes is 0.</summary>
internal sealed record PtxType(string Name, int Bytes)
{
    private static readonly Dictionary<string, PtxType> _types = new PtxType[]
    {
        new("pred", 0), new("b8", 1), new("u8", 1), new("s8", 1), new("b16", 2), new("u16", 2), new("s16", 2), new("f16", 2), new("bf16", 2),
        new("b32", 4), new("u32", 4), new("s32", 4), new("f32", 4), new("tf32", 4), new("f16x2", 4), new("bf16x2", 4),
        new("b64", 8), new("u64", 8), new("s64", 8), new("f64", 8),
    }.ToDictionary(type => type.Name);

    public static PtxType Pred { get; } = _types["pred"];

    public static PtxType B16 { get; } = _types["b16"];

    public static PtxType B32 { get; } = _types["b32"];

    public static PtxType B64 { get; } = _types["b64"];

    public bool IsFloat => Name is "f16" or "bf16" or "f32" or "f64";

    public bool IsSigned => Name[0] == 's';

    /// <summary>Whole numbers and plain bits.</summary>
    public bool IsWhole => Name[0] is 's' or 'u' || (Name[0] == 'b' && char.IsAsciiDigit(Name[1]));

    public static PtxType? Find(string name) => _types.GetValueOrDefault(name);

    public override string ToString() => "." + Name;
}
