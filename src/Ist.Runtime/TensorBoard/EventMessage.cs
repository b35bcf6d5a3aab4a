using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Ist.Runtime.TensorBoard;

/// <summary>
/// TensorFlow's protocol buffer <c>Event</c> (<c>tensorboard/compat/proto/event.proto</c> and <c>summary.proto</c>), as far as
/// scalars need it: <c>double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; SessionLog
/// session_log = 7</c>, with <c>Summary { repeated Value value = 1 }</c>, <c>Value { string tag = 1; float simple_value = 2 }</c>
/// and <c>SessionLog { SessionStatus status = 1 }</c>.
/// </summary>
internal static class EventMessage
{
    // The last three bits of a field's first byte say how it is stored.
    private const byte Varint = 0, Fixed64 = 1, Length = 2, Fixed32 = 5;

    /// <summary>The first event of a file.</summary>
    public static byte[] Version(double time) => Event(time, 0, body => Bytes(body, 3, "brain.Event:2"u8));

    /// <summary>Tells readers that events of this step and of later ones, in files before this one, are no longer true.</summary>
    public static byte[] Start(double time, long step) => Event(time, step, body => Bytes(body, 7, [1 << 3 | Varint, 1]));

    /// <summary>Some scalars of a step.</summary>
    public static byte[] Scalars(double time, long step, params IReadOnlyList<(string Tag, double Value)> scalars) => Event(time, step, body =>
    {
        var summary = new ArrayBufferWriter<byte>();
        var value = new ArrayBufferWriter<byte>();
        foreach ((string tag, double number) in scalars)
        {
            value.ResetWrittenCount();
            Bytes(value, 1, Encoding.UTF8.GetBytes(tag));
            Key(value, 2, Fixed32);
            BinaryPrimitives.WriteSingleLittleEndian(value.GetSpan(4), (float)number);
            value.Advance(4);
            Bytes(summary, 1, value.WrittenSpan);
        }
        Bytes(body, 5, summary.WrittenSpan);
    });

    private static byte[] Event(double time, long step, Action<ArrayBufferWriter<byte>> rest)
    {
        var body = new ArrayBufferWriter<byte>();
        Key(body, 1, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(body.GetSpan(8), time);
        body.Advance(8);
        Key(body, 2, Varint);
        Number(body, (ulong)step);
        rest(body);
        return body.WrittenSpan.ToArray();
    }

    private static void Key(ArrayBufferWriter<byte> body, int field, byte kind) => body.Write([(byte)(field << 3 | kind)]);

    private static void Bytes(ArrayBufferWriter<byte> body, int field, ReadOnlySpan<byte> bytes)
    {
        Key(body, field, Length);
        Number(body, (ulong)bytes.Length);
        body.Write(bytes);
    }

    // Seven bits a byte, the lowest first; the eighth says that more follow.
    private static void Number(ArrayBufferWriter<byte> body, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
            body.Write([(byte)(number | 0x80)]);
        body.Write([(byte)number]);
    }
}
