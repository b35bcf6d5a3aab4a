using Ist.Generators.Model;

namespace Ist.Generators.Planning;

/// <summary>What the emitters write: the buffers of a part and its calls, in order.</summary>
/// <param name="Saved">Buffers that the forward pass leaves for the backward pass.</param>
/// <param name="Scratch">Buffers of the backward pass.</param>
/// <param name="Forward">The forward pass.</param>
/// <param name="Backward">The backward pass of a part that is trained.</param>
/// <param name="BackwardInput">The backward pass of a part that only passes the gradient on.</param>
internal sealed record PartPlan(
    IReadOnlyList<BufferPlan> Saved,
    IReadOnlyList<BufferPlan> Scratch,
    IReadOnlyList<StepPlan> Forward,
    IReadOnlyList<StepPlan> Backward,
    IReadOnlyList<StepPlan> BackwardInput);

/// <summary>A buffer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Summary">What it holds.</param>
/// <param name="Value">The expression that makes it.</param>
internal sealed record BufferPlan(string Name, string Type, string Summary, string Value);

/// <summary>The calls for one member.</summary>
internal sealed record StepPlan(MemberModel Member, IReadOnlyList<CallPlan> Calls);

/// <summary>One line: <c>Target.Method(arguments);</c></summary>
internal sealed record CallPlan(string Target, string Method, IReadOnlyList<string> Arguments)
{
    public override string ToString() => $"{Target}.{Method}({string.Join(", ", Arguments)});";
}
