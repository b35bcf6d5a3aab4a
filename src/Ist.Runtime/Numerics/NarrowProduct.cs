namespace Ist.Runtime.Numerics;

/// <summary>
/// C[m, columns] = alpha A B beside a larger product of the same A, as A is multiplied by an adapter's factor and by its host's weight:
/// what is packed of A serves both.
/// </summary>
/// <param name="alpha">Scales the product.</param>
/// <param name="c">[m, columns], without gaps; overlaps nothing that either product reads or writes.</param>
/// <param name="columns">Columns of B.</param>
/// <param name="b">[k, columns].</param>
internal readonly unsafe struct NarrowProduct(float alpha, float* c, int columns, MatrixOperand b)
{
    /// <summary>Scales the product.</summary>
    public float Alpha { get; } = alpha;

    /// <summary>Receives the product, [m, columns].</summary>
    public float* C { get; } = c;

    /// <summary>Columns of B; 0 where there is no such product.</summary>
    public int Columns { get; } = columns;

    /// <summary>The right factor, [k, columns].</summary>
    public MatrixOperand B { get; } = b;
}
