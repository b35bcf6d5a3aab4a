using System.Globalization;
using Ist.Cli.Finetuning;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Cli.Planning;

/// <summary>With which options a run would fit that doesn't. The model is laid out anew for each that is tried.</summary>
/// <param name="model">The model.</param>
/// <param name="widths">Its widths.</param>
/// <param name="numbers">The run's numbers.</param>
/// <param name="policy">Chooses the layers of each step.</param>
/// <param name="memory">What the run has.</param>
internal sealed class FittingOptions(IModel model, Widths widths, TrainingOptions numbers, ISelectionPolicy policy, DeviceMemory memory)
{
    private const int ShortestLength = 16;

    /// <summary>What to give, as the end of a sentence: each option that is enough alone, or else all of them together.</summary>
    public string Advice()
    {
        string[] enough = [.. Alone().OfType<string>()];
        if (enough.Length > 0)
            return "give " + (enough.Length == 1 ? enough[0] : $"{string.Join(", ", enough[..^1])} or {enough[^1]}");
        TrainingOptions least = numbers with { MicroBatchSize = 1, GradientCheckpointing = model.OffersCheckpointing };
        string all = model.OffersCheckpointing ? "--micro-batch-size 1 --gradient-checkpointing" : "--micro-batch-size 1";
        if (Fits(least))
            return $"give {all}";
        return Shortened(least) is int length
            ? $"give {all} --max-length {Number(length)}"
            : $"one row of {Number(ShortestLength)} tokens alone takes {FinetuneReport.Bytes(memory.Needed(Plan(least with { MaxLength = ShortestLength }, policy)))}; give a smaller model, or a method that trains less";
    }

    private IEnumerable<string?> Alone()
    {
        int rows = numbers.Sequences / 2;
        while (rows >= 1 && !Fits(numbers with { MicroBatchSize = rows }))
            rows /= 2;
        yield return rows >= 1 ? $"--micro-batch-size {Number(rows)}" : null;
        yield return Shortened(numbers) is int length ? $"--max-length {Number(length)}" : null;
        yield return !numbers.GradientCheckpointing && model.OffersCheckpointing && Fits(numbers with { GradientCheckpointing = true }) ? "--gradient-checkpointing" : null;
        yield return policy is AllLayers && memory.Fits(Plan(numbers, new ImportanceSparseTuning(model.LayerCount, numbers.Seed, new IstOptions()))) ? "--sparse ist" : null;
    }

    private int? Shortened(TrainingOptions options)
    {
        for (int length = options.MaxLength / 2; length >= ShortestLength; length /= 2)
        {
            if (Fits(options with { MaxLength = length }))
                return length;
        }
        return null;
    }

    private bool Fits(TrainingOptions options) => memory.Fits(Plan(options, policy));

    private MemoryPlan Plan(TrainingOptions options, ISelectionPolicy chosen) => Trainer.Plan(model, widths, options, chosen);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
