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

    /// <inheritdoc/>
    public abstract void Dispose();
}
