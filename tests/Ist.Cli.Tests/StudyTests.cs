using Ist.Cli.Comparing;
using Ist.Cli.Evaluating;
using Ist.Cli.Finetuning;
using Ist.Cli.Settings;
using Ist.Models;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Training;
using Ist.TestSupport;

namespace Ist.Cli.Tests;

/// <summary>The comparisons that ship: each is read without an error, and each of its runs can be planned.</summary>
public sealed class StudyTests
{
    public static TheoryData<string> Files => new(Folders.SelectMany(folder => Directory.GetFiles(folder, "compare*.yaml", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(SharedFolder.Root, file)));

    private static IEnumerable<string> Folders => [Path.Combine(SharedFolder.Root, "studies"), Path.Combine(SharedFolder.Root, "samples")];

    [Fact]
    public void There_are_comparisons() => Assert.True(Files.Count > 3);

    [Theory]
    [MemberData(nameof(Files))]
    public void Its_runs_can_be_planned(string path)
    {
        IReadOnlyList<CompareCell> cells = Cells(Path.Combine(SharedFolder.Root, path));

        Assert.NotEmpty(cells);
        foreach (FinetuneOptions options in cells.DistinctBy(cell => (cell.Policy, cell.Method)).Select(cell => cell.Options))
        {
            string folder = options.Model.StartsWith("../shared/", StringComparison.Ordinal)
                ? SharedFolder.Require(options.Model.Split('/')[2..])
                : Path.Combine(SharedFolder.Root, options.Model);
            using LoadedModel model = LoadedModel.Outline(folder, family => MethodSettings.Of(options, family), options.BeginsAtRandom);
            var numbers = new TrainingOptions
            {
                Steps = options.Steps ?? 1,
                BatchSize = options.BatchSize,
                MicroBatchSize = options.MicroBatchSize,
                MaxLength = FinetuneInputs.MaxLengthOf(options, model.MaxTokens),
                LearningRate = options.LearningRate,
                WarmupSteps = options.WarmupSteps,
                InactiveMoments = options.Selection.State,
            };
            Assert.True(RunPlan.Of(model.Model, model.Config.Widths, numbers, options.Selection.PolicyOf(model.Model.LayerCount, options.Seed)).Memory.Total > 0);
            foreach (TaskChoice choice in options.Tasks)
                TaskFile.Load(choice.Task.EndsWith(".yaml", StringComparison.Ordinal) ? Path.Combine(SharedFolder.Root, choice.Task) : choice.Task).Check(byClassifier: false);
            Assert.StartsWith("out/", options.Output, StringComparison.Ordinal);
        }
    }

    private static IReadOnlyList<CompareCell> Cells(string path)
    {
        var command = CompareSettings.All.Select(setting => setting.Option).Aggregate(new System.CommandLine.RootCommand(), (root, option) =>
        {
            root.Add(option);
            return root;
        });
        System.CommandLine.ParseResult parsed = command.Parse([]);
        RunFile file = RunFile.Load(path, CompareSettings.All);
        var reader = new SettingReader(CompareSettings.All, parsed, file);
        Assert.NotEmpty(CompareSettings.Equal(reader));
        return CompareSettings.Cells(reader, parsed, file, new Terminal(TextWriter.Null, TextWriter.Null, false, false));
    }
}
