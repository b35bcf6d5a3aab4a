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
        NextEpoch();
    }

    /// <summary>A barrier: accesses before and after it don't race.</summary>
    public void NextEpoch() => _epoch++;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Access(Warp warp, int lane, ulong address, int bytes, AccessKind kind)
    {
        byte* place = Track(warp, lane, address, bytes, kind);
        byte* states = _states + (place - _data);
        if (kind == AccessKind.Write)
        {
            if (bytes == 4 ? (*(uint*)states & 0x02020202) != 0 : AnyPending(states, bytes))
                throw warp.Fault(lane, $"writes shared memory that an asynchronous copy still writes, at {address - Base}: no wait for it");
            ByteStates.MarkWritten(states, bytes);
        }
        else if (!ByteStates.AreWritten(states, bytes))
        {
            throw warp.Fault(lane, AnyPending(states, bytes)
                ? $"reads shared memory of an asynchronous copy that was not waited for, at byte {address - Base}"
                : $"reads {bytes} bytes of shared memory that were never written, at byte {address - Base}");
        }
        return place;
    }

    /// <summary>An asynchronous copy begins to write.</summary>
    public void BeginCopy(Warp warp, int lane, ulong address, int bytes)
    {
        byte* states = _states + (Track(warp, lane, address, bytes, AccessKind.Write) - _data);
        if (AnyPending(states, bytes))
            throw warp.Fault(lane, $"two asynchronous copies write one place of shared memory, at byte {address - Base}");
        new Span<byte>(states, bytes).Fill(ByteStates.Pending);
    }

    /// <summary>An asynchronous copy has written, as its thread sees.</summary>
    public void EndCopy(Warp warp, int lane, ulong address, ReadOnlySpan<byte> data)
    {
        byte* place = Track(warp, lane, address, data.Length, AccessKind.Write);
        data.CopyTo(new Span<byte>(place, data.Length));
        ByteStates.MarkWritten(_states + (place - _data), data.Length);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        NativeMemory.Free(_states);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Track(Warp warp, int lane, ulong address, int bytes, AccessKind kind)
    {
        ulong offset = address - Base;
        if (offset > (ulong)_bytes || (ulong)bytes > (ulong)_bytes - offset)
            throw warp.Fault(lane, $"{bytes} bytes out of bounds: byte {(long)offset} of {_bytes} bytes of shared memory");
        if ((offset & (ulong)(bytes - 1)) != 0)
            throw warp.Fault(lane, $"misaligned: {bytes} bytes at byte {offset} of shared memory");
        // Atomics are ordered by the memory itself.
        if (kind != AccessKind.Atomic)
        {
            int first = (int)offset;
            int racing = bytes >= 4 ? TrackWords(warp, lane, first, bytes, kind) : TrackSingles(warp, lane, first, bytes, kind);
            if (racing >= 0)
                throw warp.Fault(lane, $"a race in shared memory: this {(kind == AccessKind.Write ? "write" : "read")} of byte {first} and an access of {RaceDetector.Name(racing)} with no barrier between them");
        }
        return _data + offset;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TrackWords(Warp warp, int lane, int first, int bytes, AccessKind kind)
    {
        for (int word = first / 4; word < (first + bytes) / 4; word++)
        {
            int racing = _words.Track(word, _epoch, warp, lane, kind);
            if (racing < 0 && _hasSingles[word] == _epoch)
                racing = _singles.Racing(word * 4, 4, _epoch, warp, lane, kind);
            if (racing >= 0)
                return racing;
        }
        return -1;
    }

    private int TrackSingles(Warp warp, int lane, int first, int bytes, AccessKind kind)
    {
        int racing = _words.Racing(first / 4, 1, _epoch, warp, lane, kind);
        for (int i = first; i < first + bytes && racing < 0; i++)
            racing = _singles.Track(i, _epoch, warp, lane, kind);
        _hasSingles[first / 4] = _epoch;
        return racing;
    }

    private static bool AnyPending(byte* states, int bytes) => new ReadOnlySpan<byte>(states, bytes).Contains(ByteStates.Pending);
}
