using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ist.Ptx.Execution;

namespace Ist.Ptx.Memory;

/// <summary>The shared memory of a block, with what is known of each byte and who touched it since the last barrier.</summary>
internal sealed unsafe class SharedMemory : IDisposable
{
    /// <summary>The lowest address: devices keep the first KiB for themselves, and 0 is none.</summary>
    public const int Base = 1024;

    private readonly int _bytes;
    private readonly byte* _data;
    private readonly byte* _states;
    private readonly RaceDetector _words, _singles;
    private readonly uint[] _hasSingles;
    private uint _epoch;
    private int _copies;

    public SharedMemory(int staticBytes, int dynamicBytes)
    {
        _bytes = (dynamicBytes == 0 ? staticBytes : (staticBytes + 15) & ~15) + dynamicBytes;
        int padded = (_bytes + 15) & ~15;
        _data = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(16, padded), 16);
        _states = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(16, padded));
        (_words, _singles, _hasSingles) = (new RaceDetector(padded / 4), new RaceDetector(padded), new uint[padded / 4]);
    }

    /// <summary>A new block: nothing is written.</summary>
    public void Start()
    {
        NativeMemory.Clear(_states, (nuint)_bytes);
        _copies = 0;
    }

    /// <summary>A barrier: accesses before and after it don't race.</summary>
    public uint NextEpoch() => ++_epoch;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Access(Warp warp, int lane, ulong address, int bytes, AccessKind kind)
    {
        int offset = Track(warp, lane, address, bytes, kind);
        byte* states = _states + offset;
        if (kind == AccessKind.Write)
        {
            if (_copies > 0)
                CheckNoCopy(warp, lane, offset, bytes);
            ByteStates.MarkWritten(states, bytes);
        }
        else if (!ByteStates.AreWritten(states, bytes))
        {
            throw Unwritten(warp, lane, offset, bytes);
        }
        return _data + offset;
    }

    /// <summary>An asynchronous copy begins to write.</summary>
    public void BeginCopy(Warp warp, int lane, ulong address, int bytes)
    {
        int offset = Track(warp, lane, address, bytes, AccessKind.Write);
        CheckNoCopy(warp, lane, offset, bytes);
        new Span<byte>(_states + offset, bytes).Fill(ByteStates.Pending);
        _copies++;
    }

    /// <summary>An asynchronous copy has written, as its thread sees.</summary>
    public void EndCopy(Warp warp, int lane, ulong address, ReadOnlySpan<byte> data)
    {
        int offset = Track(warp, lane, address, data.Length, AccessKind.Write);
        data.CopyTo(new Span<byte>(_data + offset, data.Length));
        ByteStates.MarkWritten(_states + offset, data.Length);
        _copies--;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        NativeMemory.Free(_states);
        _words.Dispose();
        _singles.Dispose();
    }

    /// <summary>Checks bounds, alignment and races; gives the offset of the first byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Track(Warp warp, int lane, ulong address, int bytes, AccessKind kind)
    {
        ulong offset = address - Base;
        if (offset > (ulong)_bytes || (ulong)bytes > (ulong)_bytes - offset || (offset & (ulong)(bytes - 1)) != 0)
            throw Misplaced(warp, lane, (long)offset, bytes);
        int first = (int)offset;
        // Atomics are ordered by the memory itself.
        if (kind == AccessKind.Atomic)
            return first;
        int racing = bytes == 4 ? TrackWord(warp, lane, first / 4, kind)
            : bytes > 4 ? TrackWords(warp, lane, first, bytes, kind) : TrackSingles(warp, lane, first, bytes, kind);
        return racing < 0 ? first : throw Race(warp, lane, first, kind, racing);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TrackWord(Warp warp, int lane, int word, AccessKind kind)
    {
        int racing = _words.Track(word, _epoch, warp, lane, kind);
        return racing < 0 && _hasSingles[word] == _epoch ? _singles.Racing(word * 4, 4, _epoch, warp, lane, kind) : racing;
    }

    private int TrackWords(Warp warp, int lane, int first, int bytes, AccessKind kind)
    {
        int racing = -1;
        for (int word = first / 4; word < (first + bytes) / 4 && racing < 0; word++)
            racing = TrackWord(warp, lane, word, kind);
        return racing;
    }

    private int TrackSingles(Warp warp, int lane, int first, int bytes, AccessKind kind)
    {
        int racing = _words.Racing(first / 4, 1, _epoch, warp, lane, kind);
        for (int i = first; i < first + bytes && racing < 0; i++)
            racing = _singles.Track(i, _epoch, warp, lane, kind);
        _hasSingles[first / 4] = _epoch;
        return racing;
    }

    private void CheckNoCopy(Warp warp, int lane, int offset, int bytes)
    {
        if (AnyPending(_states + offset, bytes))
            throw warp.Fault(lane, $"writes shared memory of an asynchronous copy that was not waited for, at byte {offset}");
    }

    private PtxException Misplaced(Warp warp, int lane, long offset, int bytes) => warp.Fault(lane, offset < 0 || offset + bytes > _bytes
        ? $"{bytes} bytes out of bounds: byte {offset} of {_bytes} bytes of shared memory"
        : $"misaligned: {bytes} bytes at byte {offset} of shared memory");

    private PtxException Unwritten(Warp warp, int lane, int offset, int bytes) => warp.Fault(lane, AnyPending(_states + offset, bytes)
        ? $"reads shared memory of an asynchronous copy that was not waited for, at byte {offset}"
        : $"reads {bytes} bytes of shared memory that were never written, at byte {offset}");

    private static PtxException Race(Warp warp, int lane, int offset, AccessKind kind, int other) => warp.Fault(
        lane,
        $"a race in shared memory: this {(kind == AccessKind.Write ? "write" : "read")} of byte {offset} and an access of {RaceDetector.Name(other)} with no barrier between them");

    private static bool AnyPending(byte* states, int bytes) => new ReadOnlySpan<byte>(states, bytes).Contains(ByteStates.Pending);
}
