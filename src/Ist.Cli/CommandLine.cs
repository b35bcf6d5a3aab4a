using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;
using Ist.Cli.Commands;
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
        if (parsed.Errors.Count > 0)
        {
            terminal.Fail(Explain(parsed));
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
            EvaluateCommand.Create(terminal),
            GenerateCommand.Create(terminal),
            TraceCommand.Create(terminal),
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

    /// <summary>The first fault of a command line, in one line, with what was perhaps meant.</summary>
    private static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string help = command is RootCommand ? "ist --help" : $"ist {command.Name} --help";
        // System.CommandLine reports faults of values as well, but a word that it doesn't know explains most of them.
        if (parsed.UnmatchedTokens.Count > 0)
        {
            string word = parsed.UnmatchedTokens[0];
            bool isOption = word.StartsWith('-');
            IEnumerable<string> known = isOption ? command.Options.Select(o => o.Name) : command.Subcommands.Select(c => c.Name);
            string name = word.Split('=')[0];
            return $"{(isOption ? "unknown option" : command is RootCommand ? "unknown command" : "unexpected word")} '{name}'{NearestName.Hint(name, known, most: 1)}; see '{help}'";
        }
        ParseError fault = parsed.Errors[0];
        return $"{char.ToLowerInvariant(fault.Message[0])}{fault.Message[1..].TrimEnd('.')}; see '{help}'";
    }
}
