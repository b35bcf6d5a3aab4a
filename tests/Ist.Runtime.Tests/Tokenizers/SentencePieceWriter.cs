using System.Buffers.Binary;
using System.Text;

namespace Ist.Runtime.Tests.Tokenizers;

/// <summary>Writes SentencePiece models for tests, field by field of <c>sentencepiece_model.proto</c>.</summary>
internal sealed class SentencePieceWriter
{
    private readonly List<byte> _model = [];
    private readonly List<byte> _trainer = [];
    private readonly List<byte> _normalizer = [];

    public SentencePieceWriter Piece(string text, float score = 0, int type = 1)
    {
        List<byte> piece = [];
        Bytes(piece, 1, Encoding.UTF8.GetBytes(text));
        piece.Add((2 << 3) | 5);
        var bits = new byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bits, score);
        piece.AddRange(bits);
        Varint(piece, 3, type);
        Bytes(_model, 1, piece);
        return this;
    }

    public SentencePieceWriter Trainer(int field, int value)
    {
        Varint(_trainer, field, value);
        return this;
    }

    public SentencePieceWriter Normalizer(int field, int value)
    {
        Varint(_normalizer, field, value);
        return this;
    }

    public SentencePieceWriter Normalizer(int field, byte[] value)
    {
        Bytes(_normalizer, field, value);
        return this;
    }

    public byte[] ToArray()
    {
        List<byte> all = [.. _model];
        Bytes(all, 2, _trainer);
        Bytes(all, 3, _normalizer);
        return [.. all];
    }

    private static void Varint(List<byte> message, int field, int value)
    {
        Raw(message, (uint)field << 3);
        Raw(message, (uint)value);
    }

    private static void Bytes(List<byte> message, int field, IReadOnlyCollection<byte> value)
    {
        Raw(message, ((uint)field << 3) | 2);
        Raw(message, (uint)value.Count);
        message.AddRange(value);
    }

    private static void Raw(List<byte> message, uint value)
    {
        for (; value >= 0x80; value >>= 7)
            message.Add((byte)(value | 0x80));
        message.Add((byte)value);
    }
}
