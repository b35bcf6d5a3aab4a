using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ist.Cli.Commands;
using Ist.Cli.Finetuning;
using Ist.Cli.Settings;
using Ist.Runtime;

namespace Ist.Cli.Comparing;

/// <summary>The settings of <c>ist compare</c>: those of <c>ist finetune</c> for the run that all have in common, and what the runs differ in.</summary>
internal static class CompareSettings
{
    private static readonly Setting<IReadOnlyList<string>> _policies = new("policies", "NAMES",
        SettingKind.Names("values of --sparse such as all,ist"), "The policies to compare, as --sparse names them; the first is the baseline (default that of the run)");
    private static readonly Setting<IReadOnlyList<string>> _methods = new("methods", "NAMES",
        SettingKind.Names("values of --method such as lora,dora"), "The methods to compare, as --method names them; the first is the baseline (default that of the run)");
    private static readonly Setting<IReadOnlyList<ulong>> _seeds = new("seeds", "NUMBERS",
        SettingKind.Seeds(), "The seeds that each policy and method is run with; all runs read the data in the order of the run's own seed (default that one)");

    private static readonly Setting<IReadOnlyList<EqualBudget>> _equal = new("equal", "NAMES", SettingKind.Choices(("steps", EqualBudget.Steps), ("time", EqualBudget.Time)),
        "What runs have alike, a table for each: steps, or time, where each takes as many steps as fit into the time that the baseline takes (default steps)");

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<Setting> All { get; } = [_policies, _methods, _seeds, _equal, .. FinetuneSettings.All];

    /// <summary>Whether to go on.</summary>
    public static bool Resumes(SettingReader reader) => reader.Get(FinetuneSettings.Resume, false);

    /// <summary>What the runs have alike.</summary>
    public static IReadOnlyList<EqualBudget> Equal(SettingReader reader) => reader.Get(_equal, [EqualBudget.Steps]);

    /// <summary>The folder of the comparison.</summary>
    /// <exception cref="InputException">None was given.</exception>
    public static string Output(SettingReader reader) => reader.Require(FinetuneSettings.Output);

    /// <summary>
    /// What all runs have in common, as it was given, by key: another comparison can't go on in the same folder. What the runs differ in is
    /// left out, so that a comparison can grow.
    /// </summary>
    public static Dictionary<string, object?> Common(SettingReader reader) => FinetuneSettings.All.Except(FinetuneSettings.OfCall)
        .Where(setting => reader.Find(setting) is not null).ToDictionary(setting => setting.Key, setting => (object?)string.Join(",", reader.Find(setting)!.Texts));

    /// <summary>
    /// The runs of equal steps: each is what <c>ist finetune</c> makes of the same file and command line, overruled by its own policy, method and seed, so
    /// a setting that belongs to another method or policy is left out.
    /// </summary>
    /// <exception cref="InputException">A setting is missing, wrong or at odds with another.</exception>
    public static IReadOnlyList<CompareCell> Cells(SettingReader reader, ParseResult parsed, RunFile file, Terminal terminal)
    {
        string output = Output(reader);
        Command finetune = FinetuneCommand.Create(terminal);
        List<string> given = [.. FinetuneSettings.All.Except<Setting>([SelectionSettings.Sparse, FinetuneSettings.PeftMethod]).SelectMany(setting => Repeated(parsed, setting))];
        FinetuneOptions Read(string policy, string method) =>
            FinetuneSettings.Read(new SettingReader(FinetuneSettings.All, finetune.Parse([.. given, "--sparse", policy, "--method", method]), file));
        var cells = new List<CompareCell>();
        foreach (string policy in Names(reader, _policies, SelectionSettings.Sparse, "all"))
        {
            foreach (string method in Names(reader, _methods, FinetuneSettings.PeftMethod, "lora"))
            {
                FinetuneOptions common = Read(policy, method);
                if (common.EvalData is null && common.EvalFraction is null)
                    throw new InputException($"{file.Path}: nothing is held out to compare by; give eval_data or eval_fraction.");
                foreach (ulong seed in reader.Find(_seeds) is { } seeds ? _seeds.Read(seeds) : [common.Seed])
                {
                    string name = string.Create(CultureInfo.InvariantCulture, $"{policy}-{method}-{seed}");
                    cells.Add(new CompareCell(name, policy, method, common with
                    {
                        Output = Path.Combine(output, name),
                        Seed = seed,
                        DataSeed = common.DataSeed ?? common.Seed,
                        Resume = Directory.Exists(Path.Combine(output, name)),
                    }));
                }
            }
        }
        return cells;
    }

    // An option of this command line, for the parser of another one.
    private static IEnumerable<string> Repeated(ParseResult parsed, Setting setting) => parsed.GetResult(setting.Option) is OptionResult { Implicit: false } option
        ? [option.Option.Name, .. option.Tokens.Select(token => token.Value)]
        : [];

    // What a list names; without one what the run itself has.
    private static IReadOnlyList<string> Names(SettingReader reader, Setting<IReadOnlyList<string>> setting, Setting ofRun, string fallback)
    {
        if (reader.Find(setting) is not { } given)
            return [reader.Find(ofRun)?.Texts[0] ?? fallback];
        IReadOnlyList<string> names = setting.Read(given);
        return names.Distinct(StringComparer.Ordinal).Count() == names.Count ? names : throw new InputException($"{given.Origin} names one twice; give each once.");
    }
}
