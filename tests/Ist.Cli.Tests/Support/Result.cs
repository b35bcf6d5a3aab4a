namespace Ist.Cli.Tests.Support;

/// <summary>What a call of the command left.</summary>
internal sealed record Result(int Code, string Output, string Error)
{
    /// <summary>Fails unless the command succeeded in silence on its error stream.</summary>
    public Result Succeeded()
    {
        Assert.True(Code == 0, $"exit code {Code}: {Error}");
        Assert.Equal("", Error);
        return this;
    }

    /// <summary>Fails unless the command ended with this code and one line of error that has these parts.</summary>
    public Result Failed(int code, params string[] parts)
    {
        Assert.True(Code == code, $"exit code {Code}, expected {code}; error: {Error}; output: {Output}");
        Assert.StartsWith("ist: ", Error, StringComparison.Ordinal);
        Assert.Equal(Error.Length - 1, Error.IndexOf('\n', StringComparison.Ordinal));
        foreach (string part in parts)
            Assert.Contains(part, Error, StringComparison.Ordinal);
        return this;
    }
}
