using System.Buffers.Binary;
using Google.Protobuf;

namespace Ist.Runtime.Tests.TensorBoard;

/// <summary>
/// Reads event files as TensorBoard does, with Google's reader of protocol buffers and a CRC-32C by the bit. A session's start
/// takes back the scalars of its step and of later ones that were read before.
/// </summary>
internal static class EventReader
{
    /// <summary>The scalars of a folder: tag, step, value, in the order of the files.</summary>
    public static List<(string Tag, long Step, float Value)> Scalars(string folder)
    {
        var all = new List<(string, long Step, float)>();
        foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            byte[][] records = [.. Records(File.ReadAllBytes(file))];
            Assert.Equal("brain.Event:2", Version(records[0]));
            foreach (byte[] record in records[1..])
                Read(record, all);
        }
        return all;
    }

    /// <summary>CRC-32C (polynomial 1EDC6F41, reflected).</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
        }
        return ~crc;
    }

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            RequireChecksum(file.AsSpan(at, 8), file.AsSpan(at + 8));
            RequireChecksum(file.AsSpan(at + 12, length), file.AsSpan(at + 12 + length));
            yield return file[(at + 12)..(at + 12 + length)];
            at += 16 + length;
        }
    }

    private static void RequireChecksum(ReadOnlySpan<byte> data, ReadOnlySpan<byte> stored)
    {
        uint crc = Crc32C(data);
        Assert.Equal((crc >> 15 | crc << 17) + 0xA282EAD8, BinaryPrimitives.ReadUInt32LittleEndian(stored));
    }

    private static string? Version(byte[] record)
    {
        string? version = null;
        Fields(record, (field, input) =>
        {
            if (field == 3)
                version = input.ReadString();
            else
                input.SkipLastField();
        });
        return version;
    }

    private static void Read(byte[] record, List<(string, long Step, float)> all)
    {
        (double time, long step) = (0, 0);
        Fields(record, (field, input) =>
        {
            switch (field)
            {
                case 1:
                    time = input.ReadDouble();
                    break;
                case 2:
                    step = input.ReadInt64();
                    break;
                case 5:
                    Fields(input.ReadBytes().ToByteArray(), (_, values) => all.Add(Value(values.ReadBytes().ToByteArray(), step)));
                    break;
                case 7:
                    Fields(input.ReadBytes().ToByteArray(), (_, status) => Assert.Equal(1, status.ReadEnum()));
                    all.RemoveAll(scalar => scalar.Step >= step);
                    break;
                default:
                    Assert.Fail($"unexpected field {field}");
                    break;
            }
        });
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0 - time, -1, 600);
    }

    private static (string, long, float) Value(byte[] message, long step)
    {
        (string tag, float number) = ("", float.NaN);
        Fields(message, (field, input) =>
        {
            if (field == 1)
                tag = input.ReadString();
            else
                number = input.ReadFloat();
        });
        return (tag, step, number);
    }

    private static void Fields(byte[] message, Action<int, CodedInputStream> read)
    {
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and uint tag)
            read(WireFormat.GetTagFieldNumber(tag), input);
    }
}
