namespace Ist.Runtime.Data;

/// <summary>What the data needs of a tokenizer.</summary>
public interface ITextEncoder
{
    /// <summary>The id that begins a text, or null where the tokenizer has none.</summary>
    int? BosId { get; }

    /// <summary>The id that ends a text.</summary>
    int EosId { get; }

    /// <summary>Whether the model expects <see cref="BosId"/> before each text.</summary>
    bool AddsBos { get; }

    /// <summary>Appends the ids of a text, without special tokens around it.</summary>
    void Encode(string text, List<int> ids);
}
