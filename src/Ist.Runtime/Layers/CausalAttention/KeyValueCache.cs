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
}
