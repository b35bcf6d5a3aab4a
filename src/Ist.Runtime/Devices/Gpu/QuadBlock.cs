namespace Ist.Runtime.Devices.Gpu;

/// <summary>Four quads of a thread: 4 x 4 sums, a row in each, or what it has of 16 x 32 sums of its warp, 16 x 8 in each.</summary>
internal struct QuadBlock
{
    public Quad A, B, C, D;

    /// <summary>The transpose.</summary>
    public readonly QuadBlock Turned => new()
    {
        A = new Quad(A.X, B.X, C.X, D.X),
        B = new Quad(A.Y, B.Y, C.Y, D.Y),
        C = new Quad(A.Z, B.Z, C.Z, D.Z),
        D = new Quad(A.W, B.W, C.W, D.W),
    };

    /// <summary>Each quad element by element with the same one.</summary>
    public static QuadBlock operator *(QuadBlock a, Quad b) => new() { A = a.A * b, B = a.B * b, C = a.C * b, D = a.D * b };

    /// <summary>Element by element.</summary>
    public static QuadBlock operator *(QuadBlock a, QuadBlock b) => new() { A = a.A * b.A, B = a.B * b.B, C = a.C * b.C, D = a.D * b.D };

    /// <summary>Element by element.</summary>
    public static QuadBlock operator +(QuadBlock a, QuadBlock b) => new() { A = a.A + b.A, B = a.B + b.B, C = a.C + b.C, D = a.D + b.D };

    /// <summary>Each quad element by element less the same one.</summary>
    public static QuadBlock operator -(QuadBlock a, Quad b) => new() { A = a.A - b, B = a.B - b, C = a.C - b, D = a.D - b };

    /// <summary>Element by element.</summary>
    public static QuadBlock operator -(QuadBlock a, QuadBlock b) => new() { A = a.A - b.A, B = a.B - b.B, C = a.C - b.C, D = a.D - b.D };

    /// <summary>The sums with the products of x, a column, and y, a row.</summary>
    public readonly QuadBlock With(Quad x, Quad y) => new()
    {
        A = Quad.MultiplyAdd(y, x.X, A),
        B = Quad.MultiplyAdd(y, x.Y, B),
        C = Quad.MultiplyAdd(y, x.Z, C),
        D = Quad.MultiplyAdd(y, x.W, D),
    };

    /// <summary>The inner products of each quad with x, added to c.</summary>
    public readonly Quad Dots(Quad x, Quad c) => new(Quad.Dot(A, x, c.X), Quad.Dot(B, x, c.Y), Quad.Dot(C, x, c.Z), Quad.Dot(D, x, c.W));

    /// <summary>The sums with the inner products of each of four rows with each of four columns, four terms in a quad.</summary>
    public readonly QuadBlock WithDots(QuadBlock rows, QuadBlock columns) => new()
    {
        A = columns.Dots(rows.A, A),
        B = columns.Dots(rows.B, B),
        C = columns.Dots(rows.C, C),
        D = columns.Dots(rows.D, D),
    };
}
