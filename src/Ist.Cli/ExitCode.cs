namespace Ist.Cli;

/// <summary>What the command's exit codes mean.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A run failed or was stopped.</summary>
    public const int RunFailed = 1;

    /// <summary>The command line or a file is wrong.</summary>
    public const int WrongInput = 2;
}
