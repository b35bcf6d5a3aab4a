namespace Ist.Runtime.Tokenizers;

/// <summary>Changes text before it is cut into words.</summary>
internal interface INormalizer
{
    /// <summary>The text as the model wants it.</summary>
    string Normalize(string text);
}
