namespace Ist.Runtime;

/// <summary>
/// What the user gave is wrong: a file, a key, a line, an option. The message is one line that names what is wrong,
/// where, what was expected and what to do; programs print it without a stack trace and exit with 2.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public InputException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with its one-line message and the fault that it explains.</summary>
    public InputException(string message, Exception inner) : base(message, inner)
    {
    }
}
