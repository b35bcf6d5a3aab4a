namespace Ist.Runtime.Data;

/// <summary>One text to learn from.</summary>
/// <param name="Prompt">What is given; empty where the whole text is trained.</param>
/// <param name="Completion">What is trained; not empty. In a row with a label the second text, or empty.</param>
/// <param name="Number">The row's line, from 1, or its index in a JSON array, from 0; see <see cref="DataFile.Place"/>.</param>
/// <param name="Label">The label's name or number, in a row that has one; <paramref name="Prompt"/> is then the text.</param>
public readonly record struct DataRow(string Prompt, string Completion, int Number, string? Label = null);
