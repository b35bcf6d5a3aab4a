using Ist.Runtime.Data;
using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

/// <summary>The keys and values of one attention layer for the tokens so far, [sequences, time, heads x head size] each.</summary>
public sealed unsafe partial class KeyValueCache
{
    /// <summary>Takes room for the arena's sequences and time.</summary>
    public KeyValueCache(Arena arena, int width)
    {
        Capacity = arena.Time;
        Width = width;
        Count = (long)arena.Sequences * Capacity * width;
        Keys = arena.Values(Count, arena.Activations, MemoryKind.KeyValueCache);
        Values = arena.Values(Count, arena.Activations, MemoryKind.KeyValueCache);
    }

    /// <summary>Tokens that fit in a sequence.</summary>
    public int Capacity { get; }

    /// <summary>Elements of one token's keys.</summary>
    public int Width { get; }

    /// <summary>Elements of all keys.</summary>
    internal long Count { get; }

    /// <summary>The keys.</summary>
    public float* Keys { get; }

    /// <summary>The values.</summary>
    public float* Values { get; }

    /// <summary>Puts the batch's keys and values behind the tokens that are there already (<see cref="Batch.Past"/>).</summary>
    /// <exception cref="InvalidOperationException">They don't fit.</exception>
    public void Append(Run run, float* keys, float* values)
    {
        int time = run.Batch.Time, past = run.Batch.Past;
        RequireRoom(run.Batch);
        long bytes = (long)time * Width * sizeof(float);
        for (int b = 0; b < run.Batch.Sequences; b++)
        {
            long to = ((long)b * Capacity + past) * Width, from = (long)b * time * Width;
            Buffer.MemoryCopy(keys + from, Keys + to, bytes, bytes);
            Buffer.MemoryCopy(values + from, Values + to, bytes, bytes);
        }
    }

    private void RequireRoom(Batch batch)
    {
        if (batch.Past + batch.Time > Capacity)
            throw new InvalidOperationException($"The cache holds {Capacity} tokens; {batch.Past + batch.Time} were given.");
    }
}
