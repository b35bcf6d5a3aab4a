namespace Ist.Runtime.Tokenizers;

/// <summary>
/// A token that is found in the text as a whole, before the model sees the rest.
/// Source: Hugging Face tokenizers, <c>AddedToken</c>.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="SingleWord">Whether it counts only where no word character adjoins it.</param>
/// <param name="LStrip">Whether it takes the white space before it.</param>
/// <param name="RStrip">Whether it takes the white space after it.</param>
/// <param name="Normalized">Whether it is looked for in normalized text, itself normalized.</param>
/// <param name="Special">Whether decoding may leave it out.</param>
internal sealed record AddedToken(
    int Id, string Content, bool SingleWord = false, bool LStrip = false, bool RStrip = false, bool Normalized = false, bool Special = true);
