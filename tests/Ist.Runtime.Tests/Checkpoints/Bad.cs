namespace Ist.Runtime.Tests.Checkpoints;

/// <summary>Asserts on errors for the user.</summary>
internal static class Bad
{
    /// <summary>The action is refused in one line that holds all of the parts.</summary>
    public static void Input(Action action, params string[] parts) => Check(Assert.Throws<InputException>(action).Message, parts);

    /// <summary>The action fails in a run, in one line that holds all of the parts.</summary>
    public static void Run(Action action, params string[] parts) => Check(Assert.Throws<RunException>(action).Message, parts);

    private static void Check(string message, string[] parts)
    {
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain('\r', message);
        Assert.All(parts, p => Assert.Contains(p, message, StringComparison.Ordinal));
    }
}
