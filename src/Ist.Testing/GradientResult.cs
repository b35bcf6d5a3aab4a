namespace Ist.Testing;

/// <summary>What was found for one tensor.</summary>
/// <param name="Tensor">The parameter's key, or <c>x</c> for the input of a part.</param>
/// <param name="Length">The length of its gradient.</param>
/// <param name="Error">The largest distance between a slope and the gradient's, in relation to the length.</param>
public sealed record GradientResult(string Tensor, double Length, double Error);
