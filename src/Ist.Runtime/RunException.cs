namespace Ist.Runtime;

/// <summary>
/// A run that began well failed: the disk filled up, a loss became NaN. The message is one line that says what happened
/// and what to do; programs print it without a stack trace and exit with 1.
/// </summary>
public sealed class RunException : Exception
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public RunException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with its one-line message and the fault that it explains.</summary>
    public RunException(string message, Exception inner) : base(message, inner)
    {
    }
}
