namespace Ist.SideBySide;

/// <summary>A LLaMA to train, with LoRA of rank 16 on q, k, v, up and down.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Hidden">Width of the stream.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key heads.</param>
/// <param name="Intermediate">Width of the feed-forward layers.</param>
/// <param name="Vocabulary">Tokens.</param>
internal sealed record LlamaShape(string Name, int Hidden, int Layers, int Heads, int KeyValueHeads, int Intermediate, int Vocabulary)
{
    public const int Rank = 16, Alpha = 32;

    public const double Epsilon = 1e-5, Theta = 10000;

    /// <summary>The modules with an adapter.</summary>
    public static readonly string[] Targets = ["q_proj", "k_proj", "v_proj", "up_proj", "down_proj"];

    public static readonly LlamaShape[] All =
    [
        new("small", 512, 8, 8, 8, 1376, 8192),
        new("large", 1024, 12, 16, 4, 2816, 16384),
    ];

    public int HeadSize => Hidden / Heads;

    /// <summary>Each linear layer of a block: its module's path, outputs and inputs.</summary>
    public (string Module, int Outputs, int Inputs)[] Linears =>
    [
        ("self_attn.q_proj", Heads * HeadSize, Hidden),
        ("self_attn.k_proj", KeyValueHeads * HeadSize, Hidden),
        ("self_attn.v_proj", KeyValueHeads * HeadSize, Hidden),
        ("self_attn.o_proj", Hidden, Heads * HeadSize),
        ("mlp.gate_proj", Intermediate, Hidden),
        ("mlp.up_proj", Intermediate, Hidden),
        ("mlp.down_proj", Hidden, Intermediate),
    ];

    /// <summary>Parameters of the linear layers, the head among them.</summary>
    public long LinearParameters => (long)Hidden * Vocabulary + Layers * Linears.Sum(l => (long)l.Outputs * l.Inputs);
}
