using System.Globalization;
using Ist.SideBySide.Sides;

namespace Ist.SideBySide;

/// <summary>Trains the same model in several programs, in turns, and tells how fast each was.</summary>
internal static class Comparison
{
    private const string Usage = """
        side by side: trains the same LLaMA with the same LoRA in several programs, in turns
          products          compare products of matrices instead (products --help)
          --shape NAME      small (512 x 8) or large (1024 x 12); default small
          --batch N         sequences of a step, default 4
          --length N        tokens of a sequence, default 256
          --sides A,B       of torch, ist, packed (weights laid out once), random (IST's draw without its probes), sparse (IST), first-order (IST with first-order probes), random-truncated, truncated and first-order-truncated (the same among the highest third of the layers); the first is what others are measured by; default torch,ist
          --turns N         turns of each side, default 5
          --steps N         steps of a turn, default 2
          --warm N          steps of each side before that, which are not timed, default 6
          --threads N       default 2
          --profile         tell where Ist's time went
        """;

    public static int Run(string[] args)
    {
        var values = new Dictionary<string, string>();
        for (int i = 0; i < args.Length; i++)
        {
            bool isSwitch = args[i] is "--profile" or "--help";
            if (!isSwitch && (i + 1 == args.Length || args[i] is not ("--shape" or "--batch" or "--length" or "--sides" or "--turns" or "--steps" or "--warm" or "--threads")))
                values["--help"] = "";
            else
                values[args[i]] = isSwitch ? "" : args[++i];
        }
        if (values.ContainsKey("--help"))
        {
            Console.WriteLine(Usage);
            return 2;
        }
        int Number(string option, int otherwise) => values.TryGetValue(option, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        LlamaShape shape = LlamaShape.All.Single(shape => shape.Name == values.GetValueOrDefault("--shape", "small"));
        int rows = Number("--batch", 4), length = Number("--length", 256), turns = Number("--turns", 5), steps = Number("--steps", 2), warm = Number("--warm", 6);
        string[] names = values.GetValueOrDefault("--sides", "torch,ist").Split(',');
        DirectoryInfo folder = Directory.CreateTempSubdirectory("side-by-side");
        try
        {
            Fixture.Write(folder.FullName, shape);
            var options = new SideOptions("", shape, folder.FullName, rows, length, Number("--threads", 2), warm + steps * turns, values.ContainsKey("--profile"));
            SideProcess[] sides = [.. names.Select(name => new SideProcess(name, (options with { Side = name }).ToWords()))];
            for (int turn = 0; turn <= turns; turn++)
            {
                foreach (SideProcess side in sides)
                    side.Turn(turn == 0 ? warm : steps, counts: turn > 0);
            }
            foreach (SideProcess side in sides)
                side.End();
            Report(shape, options, turns, steps, sides);
            foreach (SideProcess side in sides)
                side.Dispose();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private static void Report(LlamaShape shape, SideOptions options, int turns, int steps, SideProcess[] sides)
    {
        int tokens = options.Rows * options.Length;
        SideProcess first = sides[0];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{shape.Hidden} x {shape.Layers}, {shape.Heads}/{shape.KeyValueHeads} heads, intermediate {shape.Intermediate}, vocabulary {shape.Vocabulary}; {options.Rows} x {options.Length} tokens, LoRA r {LlamaShape.Rank} on {string.Join(", ", LlamaShape.Targets)}; {options.Threads} threads, {turns} turns of {steps} steps"));
        Console.WriteLine($"{"",-22}{"tokens/s",12}{"best",10}{"ratio",8}{"of bests",10}{"of means",17}{"4NT GFLOP/s",13}{"peak MiB",10}{"ratio",8}{"loss",12}");
        foreach (SideProcess side in sides)
        {
            double median = Median(side.Turns), best = side.Turns.Min();
            double ratio = Median([.. side.Turns.Zip(first.Turns, (own, other) => other / own)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{side.Name,-22}{tokens / median,12:F0}{tokens / best,10:F0}{ratio,8:F2}{first.Turns.Min() / best,10:F2}{PairedRatio.Of(first.Turns, side.Turns),17}{4.0 * shape.LinearParameters * tokens / best / 1e9,13:F1}{side.Peak / 1048576.0,10:F0}{(double)side.Peak / first.Peak,8:F2}{side.Result,12:F6}"));
        }
        foreach (SideProcess side in sides)
        {
            foreach (string note in side.Notes)
                Console.WriteLine($"{side.Name,-22}{note}");
        }
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
