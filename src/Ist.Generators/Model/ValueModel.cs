namespace Ist.Generators.Model;

/// <summary>A value that a member gives and others read.</summary>
/// <param name="Key">How <c>[From]</c> names it: by its member, or as <c>Member.Result</c> where the member gives several.</param>
/// <param name="Result">The parameter of the kernel that receives it; empty for a part or stack.</param>
/// <param name="Port">What it is.</param>
/// <param name="PerSequence">Whether it has a row for each sequence of the batch, rather than for each token.</param>
internal sealed record ValueModel(string Key, string Result, PortModel Port, bool PerSequence = false)
{
    /// <summary>The name of its buffer.</summary>
    public string Buffer => BufferOf(Key);

    /// <summary>The name of the buffer of a value.</summary>
    public static string BufferOf(string key) => key.Replace(".", "");
}
