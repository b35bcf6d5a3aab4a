namespace Ist.Cli.Finetuning;

/// <summary>What is trained.</summary>
internal enum Method
{
    /// <summary>Low-rank adapters beside frozen weights.</summary>
    Lora,

    /// <summary>Every weight.</summary>
    Full,

    /// <summary>Nothing.</summary>
    None,
}
