using System.Runtime.InteropServices;
using ILGPU;

namespace Ist.Runtime.Devices.Gpu;

/// <summary>Four floats side by side: 16 bytes, the most that a thread of a GPU reads or writes at once.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct Quad(float x, float y, float z, float w) : IStoredQuad<Quad>
{
    /// <summary>The first.</summary>
    public float X = x;

    /// <summary>The second.</summary>
    public float Y = y;

    /// <summary>The third.</summary>
    public float Z = z;

    /// <summary>The last.</summary>
    public float W = w;

    /// <summary>The sum of all four, in pairs.</summary>
    public readonly float Sum => X + Y + (Z + W);

    static int IStoredQuad<Quad>.Size => 16;

    readonly Quad IStoredQuad<Quad>.Widened => this;

    static Quad IStoredQuad<Quad>.Of(Quad values) => values;

    static void IStoredQuad<Quad>.Copy(uint to, long from, int bytes) => TensorCore.Copy(to, from, bytes);

    static Quad IStoredQuad<Quad>.Load(uint at) => TensorCore.LoadQuad(at);

    /// <summary>The same number four times.</summary>
    public static Quad Of(float x) => new(x, x, x, x);

    /// <summary>Element by element.</summary>
    public static Quad operator +(Quad a, Quad b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.W + b.W);

    /// <summary>Element by element.</summary>
    public static Quad operator -(Quad a, Quad b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z, a.W - b.W);

    /// <summary>Element by element.</summary>
    public static Quad operator *(Quad a, Quad b) => new(a.X * b.X, a.Y * b.Y, a.Z * b.Z, a.W * b.W);

    /// <summary>Each element times a number.</summary>
    public static Quad operator *(Quad a, float b) => new(a.X * b, a.Y * b, a.Z * b, a.W * b);

    /// <summary>The larger, element by element.</summary>
    public static Quad Max(Quad a, Quad b) =>
        new(IntrinsicMath.Max(a.X, b.X), IntrinsicMath.Max(a.Y, b.Y), IntrinsicMath.Max(a.Z, b.Z), IntrinsicMath.Max(a.W, b.W));

    /// <summary>a b + c, each element times the same number.</summary>
    public static Quad MultiplyAdd(Quad a, float b, Quad c) => new(a.X * b + c.X, a.Y * b + c.Y, a.Z * b + c.Z, a.W * b + c.W);

    /// <summary>The sum of a b in pairs, added to c.</summary>
    public static float Dot(Quad a, Quad b, float c) => a.W * b.W + (a.Z * b.Z + (a.Y * b.Y + (a.X * b.X + c)));
}
