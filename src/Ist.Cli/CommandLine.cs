using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using Ist.Cli.Commands;
using Ist.Cli.Settings;
using Ist.Runtime.Checkpoints;

namespace Ist.Cli;

/// <summary>The command <c>ist</c>.</summary>
internal static class CommandLine
{
    private const string Examples = """
        ist finetune --model llama/ --data rows.jsonl --eval-fraction 0.05 --output run/
        ist generate --model llama/ --adapter run/ --prompt "Once upon a time"
        ist finetune --help

        Exit codes: 0 done, 1 the run failed or was stopped, 2 the command line or a file is wrong.
        """;

    /// <summary>Ist's version.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What was typed behind <c>ist</c>.</param>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>Its exit code; see <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        // A prompt may begin with @, which is no response file here.
        ParseResult parsed = Root(terminal).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (Fault(parsed) is string fault)
        {
            terminal.Fail(fault);
            return ExitCode.WrongInput;
        }
        // Ctrl-C is each command's own matter.
        return parsed.Invoke(new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Fine-tunes Hugging Face checkpoints with LoRA and Importance-aware Sparse Tuning.")
        {
            FinetuneCommand.Create(terminal),
            PlanCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            GenerateCommand.Create(terminal),
            TraceCommand.Create(terminal),
            MergeCommand.Create(terminal),
            ReportCommand.Create(terminal),
            CompareCommand.Create(terminal),
        };
        root.Options.Clear();
        var version = new Option<bool>("--version") { Description = "Show the version" };
        root.Add(CommandAction.Help(Examples));
        root.Add(version);
        root.SetAction(parsed =>
        {
            if (parsed.GetValue(version))
            {
                terminal.Output.WriteLine(Version);
                return ExitCode.Done;
            }
            terminal.Fail($"a command is missing; expected {string.Join(", ", root.Subcommands.Select(c => c.Name))}; see 'ist --help'");
            return ExitCode.WrongInput;
        });
        return root;
    }

    /// <summary>The first fault of a command line, in one line, with what was perhaps meant; null where there is none.</summary>
    private static string? Fault(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string help = command is RootCommand ? "see 'ist --help'" : $"see 'ist {command.Name} --help'";
        // A misspelt option is taken for an argument, and its value for a word too many.
        string? word = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Select(token => token.Value).Concat(parsed.UnmatchedTokens).FirstOrDefault(value => value.StartsWith('-'));
        if (word is not null)
        {
            string name = word.Split('=')[0];
            return $"unknown option '{name}'{PeerNames.Hint(name, command.Options.Select(o => o.Name), key => "--" + key.Replace('_', '-'))}; {help}";
        }
        if (parsed.UnmatchedTokens is [string extra, ..])
        {
            return command is RootCommand
                ? $"unknown command '{extra}'{NearestName.Hint(extra, command.Subcommands.Select(c => c.Name))}; {help}"
                : $"unexpected word '{extra}'; {help}";
        }
        if (parsed.Errors is not [ParseError fault, ..])
            return null;
        return fault.SymbolResult is OptionResult { Tokens.Count: 0, Option: var option }
            ? $"{option.Name} has no value; give {option.Name} {option.HelpName}; {help}"
            : $"{char.ToLowerInvariant(fault.Message[0])}{fault.Message[1..].TrimEnd('.')}; {help}";
    }
}
