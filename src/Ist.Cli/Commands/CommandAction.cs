using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Ist.Cli.Settings;
using Ist.Runtime;

namespace Ist.Cli.Commands;

/// <summary>Puts commands together: their options, their examples in the help, and what becomes of exceptions.</summary>
internal static class CommandAction
{
    /// <summary>Makes a command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, in a line.</param>
    /// <param name="settings">Its options.</param>
    /// <param name="examples">Lines that stand under its help.</param>
    /// <param name="run">Does it; gives the exit code.</param>
    /// <param name="terminal">Where errors go.</param>
    public static Command Create(string name, string description, IReadOnlyList<Setting> settings, string examples, Func<ParseResult, int> run, Terminal terminal)
    {
        var command = new Command(name, description);
        foreach (Setting setting in settings)
            command.Add(setting.Option);
        command.Add(Help(examples));
        command.SetAction(parsed => Guard(() => run(parsed), terminal));
        return command;
    }

    /// <summary>The option <c>--help</c>, whose text ends with examples.</summary>
    public static HelpOption Help(string examples) => new() { Action = new HelpWithExamples(examples) };

    private static int Guard(Func<int> run, Terminal terminal)
    {
        try
        {
            return run();
        }
        catch (InputException e)
        {
            terminal.Fail(e.Message);
            return ExitCode.WrongInput;
        }
        catch (Exception e) when (e is RunException or IOException or UnauthorizedAccessException)
        {
            terminal.Fail(e.Message);
            return ExitCode.RunFailed;
        }
        catch (Exception e)
        {
            terminal.Fail($"internal error: {e.GetType().Name}: {e.Message}; please report it, with what IST_DEBUG=1 adds");
            if (Environment.GetEnvironmentVariable("IST_DEBUG") == "1")
                terminal.Error.WriteLine(e);
            return ExitCode.RunFailed;
        }
    }

    private sealed class HelpWithExamples(string examples) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            new HelpAction().Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine("Examples:");
            foreach (string line in examples.Split('\n'))
                parseResult.InvocationConfiguration.Output.WriteLine(("  " + line).TrimEnd());
            return ExitCode.Done;
        }
    }
}
