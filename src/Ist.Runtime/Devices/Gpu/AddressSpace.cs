using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// All of a device's memory as one ILGPU buffer that begins at address 0. A view of it by an address needs no search for the
/// allocation that the address lies in, and a launch allocates nothing. It owns no memory.
/// </summary>
internal sealed class AddressSpace : MemoryBuffer
{
    /// <summary>The addresses of a device.</summary>
    public AddressSpace(CudaAccelerator accelerator) : base(accelerator, long.MaxValue, 1) => NativePtr = 0;

    /// <summary>Elements from an address on.</summary>
    /// <typeparam name="T">Their type; the address is a multiple of its size.</typeparam>
    /// <exception cref="ArgumentException">It is not.</exception>
    public unsafe ArrayView<T> View<T>(void* address, long count) where T : unmanaged =>
        (long)address % sizeof(T) == 0
            ? new(this, (long)address / sizeof(T), count)
            : throw new ArgumentException($"No {typeof(T).Name} begins at {(long)address:x}.", nameof(address));

    /// <inheritdoc/>
    protected override void MemSet(AcceleratorStream stream, byte value, in ArrayView<byte> targetView) =>
        CudaMemoryBuffer.CudaMemSet((CudaStream)stream, value, targetView);

    /// <inheritdoc/>
    protected override void CopyFrom(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) =>
        CudaMemoryBuffer.CudaCopy((CudaStream)stream, sourceView, targetView);

    /// <inheritdoc/>
    protected override void CopyTo(AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) =>
        CudaMemoryBuffer.CudaCopy((CudaStream)stream, sourceView, targetView);

    /// <inheritdoc/>
    protected override void DisposeAcceleratorObject(bool disposing)
    {
    }
}
