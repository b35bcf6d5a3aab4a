namespace Ist.Runtime.Tokenizers;

/// <summary>Cuts normalized text into the words between which the model merges nothing.</summary>
internal interface IPreTokenizer
{
    /// <summary>Cuts a piece and appends the pieces that it gives; none is empty.</summary>
    void Split(Piece piece, List<Piece> pieces);
}
