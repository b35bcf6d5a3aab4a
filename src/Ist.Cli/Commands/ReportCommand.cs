using System.CommandLine;
using Ist.Cli.Settings;
using Ist.Reports;
using Ist.Runtime;

namespace Ist.Cli.Commands;

/// <summary><c>ist report</c>: a page about a run or a comparison.</summary>
internal static class ReportCommand
{
    private const string Examples = """
        ist report run/                          writes run/report.html and images beside it
        ist report run/ --output pages/run.html
        """;

    private static readonly Setting<string> _output = new("output", "FILE", SettingKind.Text("a file"), "The page to write (default report.html in the folder); what else is written stands beside it");

    private static readonly IReadOnlyList<Setting> _settings = [_output];

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string?>("FOLDER") { Description = "The folder that 'ist finetune' or 'ist compare' wrote to", Arity = ArgumentArity.ZeroOrOne };
        Command command = CommandAction.Create(
            "report", "Writes a page about a run or a comparison: one HTML file, and beside it images or a table.", _settings, Examples,
            parsed => Run(parsed.GetValue(folder) ?? throw new InputException("the folder of a run is missing; give 'ist report FOLDER'"), new SettingReader(_settings, parsed), terminal), terminal);
        command.Add(folder);
        return command;
    }

    private static int Run(string folder, SettingReader reader, Terminal terminal)
    {
        string page = reader.Get(_output, Path.Combine(folder, "report.html"));
        foreach (string file in ComparisonReport.IsComparison(folder) ? ComparisonReport.Write(folder, page) : OfRun(folder, page))
            terminal.Output.WriteLine($"written     {file}");
        return ExitCode.Done;
    }

    private static IReadOnlyList<string> OfRun(string folder, string page)
    {
        RunReport.Write(folder, page);
        return [page, .. RunPlots.Write(folder, Path.ChangeExtension(page, null))];
    }
}
