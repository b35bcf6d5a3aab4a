using System.Globalization;

namespace Ist.SideBySide.Products;

/// <summary>Multiplies the same square matrices in several programs, in turns, and tells how fast each was.</summary>
internal static class ProductComparison
{
    private const string Usage = """
        side by side products: C = A B in F32, n x n x n, in several programs, in turns
          --sizes N,N       default 512,1024,2048
          --sides A,B       of openblas-skylakex, openblas-haswell, torch, ist and ist-avx2; the first is what others are measured by; default all
          --turns N         turns of each side, default 15
          --threads N       default 2
        """;

    // A turn is long enough for the clock and short enough for another program's turn to be much alike.
    private const double OperationsOfTurn = 4e10;

    // .NET compiles a kernel well after it has run some dozens of times.
    private const int WarmTurns = 4;

    public static int Run(string[] args)
    {
        var values = new Dictionary<string, string>();
        for (int i = 0; i + 1 < args.Length && args[i] is "--sizes" or "--sides" or "--turns" or "--threads"; i += 2)
            values[args[i]] = args[i + 1];
        if (2 * values.Count != args.Length)
        {
            Console.WriteLine(Usage);
            return 2;
        }
        int Number(string option, int otherwise) => values.TryGetValue(option, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        int threads = Number("--threads", 2), turns = Number("--turns", 15);
        string[] names = values.TryGetValue("--sides", out string? sides) ? sides.Split(',') : ProductSides.All;
        foreach (string size in values.GetValueOrDefault("--sizes", "512,1024,2048").Split(','))
            Compare(names, int.Parse(size, CultureInfo.InvariantCulture), threads, turns);
        return 0;
    }

    private static void Compare(string[] names, int size, int threads, int turns)
    {
        double operations = 2.0 * size * size * size;
        int products = Math.Max(1, (int)(OperationsOfTurn / operations));
        SideProcess[] sides = [.. names.Select(name => new ProductOptions(name, size, threads)).Select(
            options => new SideProcess(options.Side, options.ToWords(), ProductSides.EnvironmentOf(options)))];
        for (int turn = 0; turn <= turns; turn++)
        {
            foreach (SideProcess side in sides)
                side.Turn(turn == 0 ? WarmTurns * products : products, counts: turn > 0);
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size} x {size} x {size}, {threads} threads, {turns} turns of {products} products"));
        Console.WriteLine($"{"",-20}{"GFLOP/s, best",14}{"ratio",8}{"sum of squares",20}");
        foreach (SideProcess side in sides)
        {
            side.End();
            double best = side.Turns.Min();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{side.Name,-20}{operations / best / 1e9,14:F1}{sides[0].Turns.Min() / best,8:F2}{side.Result,20:F3}  {string.Join("; ", side.Notes)}"));
            side.Dispose();
        }
    }
}
