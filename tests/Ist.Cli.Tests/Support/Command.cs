using System.Diagnostics;

namespace Ist.Cli.Tests.Support;

/// <summary>Calls the command.</summary>
internal static class Command
{
    /// <summary>In this process.</summary>
    public static Result Run(params string[] arguments) => Run(isInteractive: false, hasColors: false, arguments);

    /// <summary>In this process, before a screen or not.</summary>
    public static Result Run(bool isInteractive, bool hasColors, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = CommandLine.Run(arguments, new Terminal(output, error, isInteractive, hasColors));
        return new Result(code, output.ToString(), error.ToString());
    }

    /// <summary>Starts a process of its own.</summary>
    public static Process Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <summary>Starts a process of its own, with more environment variables.</summary>
    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) => StartProgram("ist.dll", environment, arguments);

    /// <summary>Starts another program that stands beside the tests.</summary>
    public static Process StartProgram(string file, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, file));
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>In a process of its own.</summary>
    public static Result RunProcess(params string[] arguments)
    {
        using Process process = Start(arguments);
        return Finish(process);
    }

    /// <summary>Waits for the end of a process.</summary>
    public static Result Finish(Process process)
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Result(process.ExitCode, output, error.Result);
    }
}
