namespace Ist.Runtime.Devices.Gpu;

/// <summary>Eight floats side by side: of 16 bits each they are the most that a thread of a GPU reads at once.</summary>
internal struct Octet(Quad first, Quad second)
{
    /// <summary>The first four.</summary>
    public Quad First = first;

    /// <summary>The last four.</summary>
    public Quad Second = second;
}
