using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Devices;

/// <summary>Where a run computes and where its buffers live.</summary>
public abstract unsafe class Device : IDisposable
{
    /// <summary>What it is, in a word or two for the person who started the run.</summary>
    public abstract string Name { get; }

    /// <summary>Is told what runs and how long it takes; null, as at first, where nothing is measured.</summary>
    public WorkProfile? Profile { get; set; }

    /// <summary>Takes zeroed memory, aligned to 64 bytes. Called when a run is laid out, never in a step.</summary>
    /// <exception cref="RunException">There is not so much memory.</exception>
    public abstract void* Allocate(long bytes);

    /// <summary>Gives memory back.</summary>
    public abstract void Free(void* memory);

    /// <summary>Whether the host reads and writes the device's memory directly.</summary>
    public abstract bool IsHost { get; }

    /// <summary>Refuses a precision of products that the device does not have.</summary>
    /// <exception cref="InputException">It has not.</exception>
    public abstract void Require(Precision precision);

    /// <summary>Copies bytes of the host into the device's memory, after the work that was started before.</summary>
    /// <param name="from">On the host; may be written again as soon as the call returns.</param>
    /// <param name="to">On the device.</param>
    /// <param name="bytes">How many.</param>
    public abstract void Upload(void* from, void* to, long bytes);

    /// <summary>Copies bytes of the device's memory to the host, when the work that was started before is done.</summary>
    /// <param name="from">On the device.</param>
    /// <param name="to">On the host.</param>
    /// <param name="bytes">How many.</param>
    /// <exception cref="RunException">A kernel that was started before failed.</exception>
    public abstract void Download(void* from, void* to, long bytes);

    /// <summary>Sets bytes of the device's memory to zero, after the work that was started before.</summary>
    public abstract void Clear(void* memory, long bytes);

    /// <summary>Copies bytes of the device's memory to a place below, which may overlap them, after the work that was started before.</summary>
    /// <param name="from">On the device.</param>
    /// <param name="to">On the device, not above <paramref name="from"/>.</param>
    /// <param name="bytes">How many.</param>
    public abstract void MoveDown(void* from, void* to, long bytes);

    /// <summary>Copies floats of the host into the device's memory, rounded where activations are BF16 there.</summary>
    public void Upload(ReadOnlySpan<float> from, float* to)
    {
        if (BFloat16Address.Is(to))
        {
            var rounded = new BFloat16[from.Length];
            for (int i = 0; i < from.Length; i++)
                rounded[i] = (BFloat16)from[i];
            fixed (BFloat16* values = rounded)
                Upload(values, BFloat16Address.Real(to), (long)from.Length * sizeof(BFloat16));
            return;
        }
        fixed (float* values = from)
            Upload(values, to, (long)from.Length * sizeof(float));
    }

    /// <summary>Copies floats of the device's memory to the host, widened where activations are BF16 there.</summary>
    public void Download(float* from, Span<float> to)
    {
        if (BFloat16Address.Is(from))
        {
            var stored = new BFloat16[to.Length];
            fixed (BFloat16* values = stored)
                Download(BFloat16Address.Real(from), values, (long)to.Length * sizeof(BFloat16));
            for (int i = 0; i < to.Length; i++)
                to[i] = stored[i];
            return;
        }
        fixed (float* values = to)
            Download(from, values, (long)to.Length * sizeof(float));
    }

    /// <summary>Lets the host write floats of the device's memory: in place, or in memory of its own that is then copied.</summary>
    internal void Write(float* to, long count, Action<Span<float>> write)
    {
        if (IsHost)
        {
            write(new Span<float>(to, checked((int)count)));
            return;
        }
        float[] values = new float[count];
        write(values);
        Upload(values, to);
    }

    /// <summary>Floats of the device's memory for the host to read: the memory itself, or a copy in an array that does not move.</summary>
    /// <param name="from">On the device.</param>
    /// <param name="count">How many.</param>
    /// <param name="copies">Receives the array, which must be kept as long as the address.</param>
    internal float* Read(float* from, long count, List<float[]> copies)
    {
        if (IsHost)
            return from;
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)count), pinned: true);
        Download(from, values);
        copies.Add(values);
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(values));
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
