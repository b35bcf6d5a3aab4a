using System.Buffers.Binary;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Walks over the fields of a protobuf message. Source: protobuf.dev, "Encoding".
/// </summary>
/// <param name="message">The message's bytes.</param>
/// <param name="source">Its file, for error messages.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, string source)
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _message = message;
    private readonly string _source = source;
    private int _at;
    private int _wire;

    /// <summary>The number of the field at hand.</summary>
    public int Field { get; private set; }

    /// <summary>Goes on to the next field's value; false at the message's end.</summary>
    public bool MoveNext()
    {
        if (_at == _message.Length)
            return false;
        ulong tag = ReadRawVarint();
        Field = (int)(tag >> 3);
        _wire = (int)(tag & 7);
        return true;
    }

    /// <summary>The value as an integer.</summary>
    public int ReadInt32() => Is(Varint) ? (int)ReadRawVarint() : throw Damaged();

    /// <summary>The value as true or false.</summary>
    public bool ReadBool() => ReadInt32() != 0;

    /// <summary>The value as an F32.</summary>
    public float ReadFloat() => Is(Fixed32) ? BinaryPrimitives.ReadSingleLittleEndian(Take(4)) : throw Damaged();

    /// <summary>The value as bytes: a string, or a message within the message.</summary>
    public ReadOnlySpan<byte> ReadBytes() => Is(Bytes) ? TakeCounted() : throw Damaged();

    /// <summary>Passes over the value.</summary>
    public void Skip()
    {
        switch (_wire)
        {
            case Varint:
                ReadRawVarint();
                break;
            case Fixed64:
                Take(8);
                break;
            case Bytes:
                TakeCounted();
                break;
            case Fixed32:
                Take(4);
                break;
            default:
                throw Damaged();
        }
    }

    private readonly bool Is(int wire) => _wire == wire;

    private ReadOnlySpan<byte> TakeCounted()
    {
        ulong length = ReadRawVarint();
        return length <= int.MaxValue ? Take((int)length) : throw Damaged();
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _message.Length - _at)
            throw Damaged();
        _at += length;
        return _message.Slice(_at - length, length);
    }

    private ulong ReadRawVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw Damaged();
    }

    private readonly InputException Damaged() =>
        new($"{_source}: it isn't a SentencePiece model, or is cut off: field {Field} doesn't read as protobuf; copy the file again from the model's origin");
}
