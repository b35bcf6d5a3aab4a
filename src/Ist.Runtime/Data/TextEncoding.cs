namespace Ist.Runtime.Data;

/// <summary>What every user of a tokenizer does alike.</summary>
public static class TextEncoding
{
    /// <summary>The ids of a text that a model goes on from, as a row of training data begins: BOS where the tokenizer adds one, and the text.</summary>
    public static List<int> EncodePrompt(this ITextEncoder encoder, string text)
    {
        List<int> ids = encoder is { AddsBos: true, BosId: int bos } ? [bos] : [];
        encoder.Encode(text, ids);
        return ids;
    }
}
