using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

/// <summary>The keys and values of one attention layer for the tokens so far, [sequences, time, heads x head size] each.</summary>
public sealed unsafe class KeyValueCache
{
    /// <summary>Takes room for the arena's sequences and time.</summary>
    public KeyValueCache(Arena arena, int width)
    {
        Capacity = arena.Time;
        Width = width;
        Keys = arena.Floats((long)arena.Sequences * Capacity * width, MemoryKind.KeyValueCache);
        Values = arena.Floats((long)arena.Sequences * Capacity * width, MemoryKind.KeyValueCache);
    }

    /// <summary>Tokens that fit in a sequence.</summary>
    public int Capacity { get; }

    /// <summary>Elements of one token's keys.</summary>
    public int Width { get; }

    /// <summary>The keys.</summary>
    public float* Keys { get; }

    /// <summary>The values.</summary>
    public float* Values { get; }

    /// <summary>Puts the batch's keys and values behind the tokens that are there already (<see cref="Data.Batch.Past"/>).</summary>
    /// <exception cref="InvalidOperationException">They don't fit.</exception>
    public void Append(Run run, float* keys, float* values)
    {
        int time = run.Batch.Time, past = run.Batch.Past;
        if (past + time > Capacity)
            throw new InvalidOperationException($"The cache holds {Capacity} tokens; {past + time} were given.");
        long bytes = (long)time * Width * sizeof(float);
        for (int b = 0; b < run.Batch.Sequences; b++)
        {
            long to = ((long)b * Capacity + past) * Width, from = (long)b * time * Width;
            Buffer.MemoryCopy(keys + from, Keys + to, bytes, bytes);
            Buffer.MemoryCopy(values + from, Values + to, bytes, bytes);
        }
    }
}
