namespace Ist.Cli.Finetuning;

/// <summary>What is trained.</summary>
internal enum Method
{
    /// <summary>Low-rank adapters beside frozen weights.</summary>
    Lora,

    /// <summary>Low-rank adapters and a magnitude for each row of the frozen weights.</summary>
    Dora,

    /// <summary>Vectors that scale random low-rank adapters, which are frozen and shared by all layers.</summary>
    Vera,

    /// <summary>Vectors that scale the results of some layers and the inputs of others.</summary>
    Ia3,

    /// <summary>Keys and values that every layer sees before those of a text.</summary>
    Prefix,

    /// <summary>Virtual tokens before each text.</summary>
    Prompt,

    /// <summary>Bottlenecks before, after or beside linear layers.</summary>
    Bottleneck,

    /// <summary>Bottlenecks behind attention and the feed-forward network.</summary>
    Houlsby,

    /// <summary>Bottlenecks behind the feed-forward network.</summary>
    Pfeiffer,

    /// <summary>Bottlenecks beside the feed-forward network.</summary>
    Parallel,

    /// <summary>The model's norms.</summary>
    Ln,

    /// <summary>The model's biases.</summary>
    BitFit,

    /// <summary>Every weight.</summary>
    Full,

    /// <summary>Nothing.</summary>
    None,
}
