using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Numerics;

/// <summary>
/// A large product: all threads pack a panel of A and of B into the device's workspace, then all read it, block by block of
/// C. Nothing is packed twice, and the threads share what lies in the last-level cache. A B that stays the same, such as a frozen weight,
/// can be packed once for all products (<see cref="PackRight"/>). A narrow product of the same A is done on the way, so that A is not
/// packed for it again.
/// </summary>
internal static unsafe partial class SharedProduct
{
    private const int Depth = BlockProduct.PanelDepth;

    // The panels of A, B and the narrow product's B fill the workspace: 256 x (1536 + 2048 + 512) floats are 4 MiB.
    private const int MostRows = 1536;
    private const int MostColumns = 2048;
    private const int MostBeside = 512;

    // The last strips of a matrix are this wide at most, so its columns are filled up to a multiple.
    private const int MostNarrow = 16;

    // A block of C is as large as lets a block of A stay in the second cache, and as small as keeps all threads at work.
    private const int BlockRows = BlockProduct.BlockRows;
    private const int BlockColumns = 4 * MicroKernel.MostColumns;

    // A product with more multiplications than this is cut into panels that all threads pack and read together.
    private const long From = 1L << 24;

    /// <summary>Whether a product of this shape is worth it.</summary>
    public static bool Suits(int m, int n, int k) => (long)m * n * k >= From && m > BlockRows && n > MicroKernel.MostColumns;

    /// <summary>Whether a product of this shape can take this one with it.</summary>
    public static bool Suits(int m, int n, int k, NarrowProduct beside) => Suits(m, n, k) && beside.Columns <= MostBeside;

    /// <summary>Floats of B [k, n], packed.</summary>
    public static long PanelFloats(int k, int n) => (long)k * MatrixProduct.RoundUp(n, MostNarrow);

    /// <summary>Packs B once, for products of any number of rows.</summary>
    /// <param name="cpu">The threads.</param>
    /// <param name="b">[k, n].</param>
    /// <param name="k">Its rows.</param>
    /// <param name="n">Its columns.</param>
    /// <param name="panels">Room for <see cref="PanelFloats"/> floats.</param>
    public static void PackRight(CpuDevice cpu, MatrixOperand b, int k, int n, float* panels)
    {
        for (int column = 0; column < n; column += MostColumns)
        {
            for (int deep = 0; deep < k; deep += Depth)
            {
                int columns = Math.Min(MostColumns, n - column), depth = Math.Min(Depth, k - deep);
                var right = new RightPanel(b.From(deep, column), columns, depth, Panel(panels, k, columns, column, deep));
                var pack = new Pack(default, right, default);
                cpu.For(pack.Tasks, pack);
            }
        }
    }

    /// <summary>C = or += alpha A B, and what is asked for beside it.</summary>
    public static void Multiply(
        CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b, NarrowProduct beside)
    {
        float* packedA = cpu.Workspace, packedB = packedA + Depth * MostRows, packedBeside = packedB + Depth * MostColumns;
        for (int column = 0; column < n; column += MostColumns, beside = default)
        {
            int columns = Math.Min(MostColumns, n - column);
            for (int deep = 0; deep < k; deep += Depth)
            {
                int depth = Math.Min(Depth, k - deep);
                var right = new RightPanel(
                    b.From(deep, column), columns, depth, b.Panels == null ? packedB : Panel(b.Panels, k, columns, column, deep));
                var narrow = new RightPanel(beside.B.From(deep, 0), beside.Columns, depth, packedBeside);
                RightPanel unpacked = b.Panels == null ? right : default, unpackedNarrow = narrow;
                for (int row = 0; row < m; row += MostRows)
                {
                    var left = new LeftPanel(a.From(row, deep), Math.Min(MostRows, m - row), depth, packedA);
                    var pack = new Pack(left, unpacked, unpackedNarrow);
                    cpu.For(pack.Tasks, pack);
                    // What is packed of both right factors stays so for the rows below.
                    unpacked = unpackedNarrow = default;
                    var multiply = new MultiplyPacked(
                        left,
                        right, new Target(deep == 0 ? into : Into.Add, alpha, c + (long)row * ldc + column, ldc),
                        narrow, new Target(deep == 0 ? Into.Set : Into.Add, beside.Alpha, beside.C + (long)row * beside.Columns, beside.Columns), cpu.Threads);
                    cpu.For(multiply.Tasks, multiply);
                }
            }
        }
    }

    /// <summary>The strip that begins with a column, of a factor that <see cref="PackRight"/> has packed.</summary>
    public static float* Strip(float* panels, int k, int n, int column, int deep, int depth)
    {
        int first = column / MostColumns * MostColumns;
        return Panel(panels, k, Math.Min(MostColumns, n - first), first, deep) + (long)(column - first) * depth;
    }

    // Panels of the same columns follow one another.
    private static float* Panel(float* panels, int k, int columns, int column, int deep) =>
        panels + (long)k * column + (long)deep * MatrixProduct.RoundUp(columns, MostNarrow);
}
