namespace Ist.Runtime.Devices.Gpu;

/// <summary>Four values side by side as memory has them, so that a kernel can have some on their way before it widens the first.</summary>
internal interface IStoredQuad<TSelf> where TSelf : unmanaged, IStoredQuad<TSelf>
{
    /// <summary>Bytes.</summary>
    static abstract int Size { get; }

    /// <summary>The values.</summary>
    Quad Widened { get; }

    /// <summary>Four values as they are stored, rounded to the nearest.</summary>
    static abstract TSelf Of(Quad values);

    /// <summary>Begins to copy them from global to shared memory, or, of no bytes, to put 0 there.</summary>
    static abstract void Copy(uint to, long from, int bytes);

    /// <summary>Reads the values from shared memory.</summary>
    static abstract Quad Load(uint at);
}
