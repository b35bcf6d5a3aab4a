using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Ist.Runtime.Devices;

public sealed unsafe partial class IlgpuDevice
{
    /// <inheritdoc/>
    public override void* Allocate(long bytes)
    {
        if (IsRehearsing)
            throw new InvalidOperationException("A rehearsal takes no memory.");
        try
        {
            MemoryBuffer buffer = _accelerator!.Allocate1D<byte>(Math.Max(bytes, 64));
            void* memory = (void*)buffer.NativePtr;
            _allocations.Add((nint)memory, buffer);
            Clear(memory, Math.Max(bytes, 64));
            return memory;
        }
        catch (CudaException e)
        {
            throw new RunException(
                $"{Name} has no room for {bytes / 1048576.0:F0} MiB, {FreeBytes / 1048576.0:F0} MiB are free; lower the micro-batch size or the maximal length.", e);
        }
    }

    /// <inheritdoc/>
    public override void Free(void* memory)
    {
        if (memory is not null && _allocations.Remove((nint)memory, out MemoryBuffer? buffer))
            buffer.Dispose();
    }

    /// <inheritdoc/>
    /// <remarks>The bytes go through pinned memory; the host waits only when that is full.</remarks>
    public override void Upload(void* from, void* to, long bytes)
    {
        for (long done = 0; done < bytes && !IsRehearsing;)
        {
            if (_staged == StagingBytes)
                Synchronize();
            long count = Math.Min(bytes - done, StagingBytes - _staged);
            ArrayView<byte> staging = _staging!.AsRawArrayView(_staged, count);
            Buffer.MemoryCopy((byte*)from + done, (byte*)_staging.NativePtr + _staged, count, count);
            CudaMemoryBuffer.CudaCopy((CudaStream)_stream!, staging, View((byte*)to + done, count));
            _staged += Math.Min(StagingBytes - _staged, (count + StagingAlignment - 1) / StagingAlignment * StagingAlignment);
            done += count;
        }
    }

    /// <inheritdoc/>
    public override void Download(void* from, void* to, long bytes)
    {
        if (IsRehearsing)
            return;
        Synchronize();
        for (long done = 0; done < bytes;)
        {
            long count = Math.Min(bytes - done, StagingBytes);
            CudaMemoryBuffer.CudaCopy((CudaStream)_stream!, View((byte*)from + done, count), _staging!.AsRawArrayView(0, count));
            Synchronize();
            Buffer.MemoryCopy((byte*)_staging.NativePtr, (byte*)to + done, count, count);
            done += count;
        }
    }

    /// <inheritdoc/>
    public override void Clear(void* memory, long bytes)
    {
        if (!IsRehearsing && bytes > 0)
            CudaMemoryBuffer.CudaMemSet((CudaStream)_stream!, 0, View((byte*)memory, bytes));
    }

    /// <inheritdoc/>
    /// <remarks>A copy of the driver's must not overlap its source, so bytes that would go through <see cref="Workspace"/>.</remarks>
    public override void MoveDown(void* from, void* to, long bytes)
    {
        if (from == to)
            return;
        if ((byte*)to + bytes <= from)
        {
            Copy(from, to, bytes);
            return;
        }
        for (long done = 0; done < bytes; done += WorkspaceBytes)
        {
            long count = Math.Min(WorkspaceBytes, bytes - done);
            Copy((byte*)from + done, Workspace, count);
            Copy(Workspace, (byte*)to + done, count);
        }
    }

    private void Copy(void* from, void* to, long bytes) =>
        CudaMemoryBuffer.CudaCopy((CudaStream)_stream!, View((byte*)from, bytes), View((byte*)to, bytes));

    /// <summary>Waits for what was launched and copied.</summary>
    /// <exception cref="RunException">A kernel failed.</exception>
    internal void Synchronize()
    {
        try
        {
            _stream?.Synchronize();
            _staged = 0;
        }
        catch (CudaException e)
        {
            throw new RunException($"{Name}: a kernel failed ({e.Message}); checkpoints written before are whole.", e);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Cublas?.Dispose();
        foreach (MemoryBuffer buffer in _allocations.Values)
            buffer.Dispose();
        _allocations.Clear();
        _staging?.Dispose();
        _stream?.Dispose();
        _accelerator?.Dispose();
        _context?.Dispose();
    }
}
