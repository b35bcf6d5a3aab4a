namespace Ist.Runtime.Tokenizers;

/// <summary>What <c>tokenizer.json</c> describes, before the folder's other files have their say on special tokens.</summary>
/// <param name="Normalizer">Changes text, or null.</param>
/// <param name="PreTokenizer">Cuts text into words, or null where the model takes it whole.</param>
/// <param name="Model">Cuts words into tokens.</param>
/// <param name="PostProcessor">The ids around a text.</param>
/// <param name="Decoder">Makes text of tokens, or null where spaces join them.</param>
/// <param name="AddedTokens">Found in the text as a whole.</param>
internal sealed record Pipeline(
    INormalizer? Normalizer, IPreTokenizer? PreTokenizer, ITokenModel Model, PostProcessor PostProcessor, IDecoder? Decoder, IReadOnlyList<AddedToken> AddedTokens);
