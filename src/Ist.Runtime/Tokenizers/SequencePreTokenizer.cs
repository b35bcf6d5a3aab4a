namespace Ist.Runtime.Tokenizers;

/// <summary>Pre-tokenizers one after the other, each on all pieces of the one before.</summary>
internal sealed class SequencePreTokenizer(IPreTokenizer[] preTokenizers) : IPreTokenizer
{
    /// <inheritdoc/>
    public void Split(Piece piece, List<Piece> pieces)
    {
        List<Piece> current = [piece];
        foreach (IPreTokenizer preTokenizer in preTokenizers)
        {
            var next = new List<Piece>(current.Count);
            foreach (Piece part in current)
                preTokenizer.Split(part, next);
            current = next;
        }
        pieces.AddRange(current);
    }
}
