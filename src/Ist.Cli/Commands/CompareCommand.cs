using System.CommandLine;
using Ist.Cli.Comparing;
using Ist.Cli.Settings;
using Ist.Runtime;

namespace Ist.Cli.Commands;

/// <summary><c>ist compare</c>: runs that differ in policy, method and seed, and a table of them.</summary>
internal static class CompareCommand
{
    private const string Examples = """
        ist compare compare.yaml                 keys are those of 'ist finetune', and lists: policies: [all, ist], methods: [lora], seeds: [1, 2, 3]
        ist compare compare.yaml --resume        goes on with what is not done yet, also with more policies, methods, seeds or tasks
        ist compare compare.yaml --equal steps,time    also compares runs of equal time
        """;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Settings in YAML or JSON: those of the run, and what is compared. Paths in it are relative to the working directory",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command command = CommandAction.Create(
            "compare", "Runs policies, methods and seeds on the same data, and compares them in a table and a page.", CompareSettings.All, Examples,
            parsed => Run(parsed, parsed.GetValue(file) ?? throw new InputException("the comparison's file is missing; give 'ist compare compare.yaml'"), terminal), terminal);
        command.Add(file);
        return command;
    }

    private static int Run(ParseResult parsed, string path, Terminal terminal)
    {
        RunFile file = RunFile.Load(path, CompareSettings.All);
        var reader = new SettingReader(CompareSettings.All, parsed, file);
        IReadOnlyList<CompareCell> cells = CompareSettings.Cells(reader, parsed, file, terminal);
        return new CompareRun(CompareSettings.Output(reader), CompareSettings.Common(reader), cells, CompareSettings.Equal(reader), CompareSettings.Resumes(reader), terminal).Run();
    }
}
