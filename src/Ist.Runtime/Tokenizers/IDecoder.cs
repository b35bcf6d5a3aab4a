namespace Ist.Runtime.Tokenizers;

/// <summary>A step from tokens back to text; what the last step leaves is joined.</summary>
internal interface IDecoder
{
    /// <summary>The tokens or parts of text that come of those given.</summary>
    List<string> Decode(List<string> tokens);
}
