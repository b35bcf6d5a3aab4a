namespace Ist.Runtime.Devices.Gpu;

/// <summary>Four values side by side as memory has them, so that a kernel can have some on their way before it widens the first.</summary>
internal interface IStoredQuad<TSelf> where TSelf : unmanaged, IStoredQuad<TSelf>
{
    /// <summary>The values.</summary>
    Quad Widened { get; }

    /// <summary>Four values as they are stored, rounded to the nearest.</summary>
    static abstract TSelf Of(Quad values);
}
