using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>A weight that a checkpoint need not hold, because it is another one's.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Partner">The one that it shares.</param>
public sealed record TiedWeight(Weight Weight, Weight Partner);
