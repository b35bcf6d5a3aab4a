namespace Ist.Ptx.Memory;

/// <summary>What is known of each byte of a memory: never written, written, or the target of an asynchronous copy that nobody has waited for.</summary>
internal static unsafe class ByteStates
{
    // 0 is a byte that was never written.
    public const byte Written = 1;
    public const byte Pending = 2;

    /// <summary>True where all of 1, 2, 4, 8 or 16 aligned bytes are written.</summary>
    public static bool AreWritten(byte* states, int bytes) => bytes switch
    {
        1 => *states == Written,
        2 => *(ushort*)states == 0x0101,
        4 => *(uint*)states == 0x01010101,
        8 => *(ulong*)states == 0x0101010101010101,
        _ => *(ulong*)states == 0x0101010101010101 && *(ulong*)(states + 8) == 0x0101010101010101,
    };

    public static void MarkWritten(byte* states, int bytes)
    {
        switch (bytes)
        {
            case 1: *states = Written; break;
            case 2: *(ushort*)states = 0x0101; break;
            case 4: *(uint*)states = 0x01010101; break;
            case 8: *(ulong*)states = 0x0101010101010101; break;
            default:
                *(ulong*)states = 0x0101010101010101;
                *(ulong*)(states + 8) = 0x0101010101010101;
                break;
        }
    }
}
