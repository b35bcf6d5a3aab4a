namespace Ist.Runtime.Models;

/// <summary>How often the stack repeats its block (<c>num_hidden_layers</c>).</summary>
public sealed record StackOptions(int Layers);
