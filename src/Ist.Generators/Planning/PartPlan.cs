using Ist.Generators.Model;

namespace Ist.Generators.Planning;

/// <summary>What the emitters write: the buffers of a part and its calls, in order.</summary>
/// <param name="Activations">Buffers that the backward pass of every layer reads.</param>
/// <param name="Trained">Buffers that the backward pass reads of a layer that is trained alone.</param>
/// <param name="Scratch">Buffers that no backward pass reads.</param>
/// <param name="Gradients">Buffers of the backward pass.</param>
/// <param name="Forward">The forward pass.</param>
/// <param name="Backward">The backward pass of a part that is trained.</param>
/// <param name="BackwardInput">The backward pass of a part that only passes the gradient on.</param>
/// <param name="ForwardTile">What follows the forward pass, tile by tile.</param>
/// <param name="BackwardTile">What comes before the backward pass, tile by tile.</param>
internal sealed record PartPlan(
    IReadOnlyList<BufferPlan> Activations,
    IReadOnlyList<BufferPlan> Trained,
    IReadOnlyList<BufferPlan> Scratch,
    IReadOnlyList<BufferPlan> Gradients,
    IReadOnlyList<StepPlan> Forward,
    IReadOnlyList<StepPlan> Backward,
    IReadOnlyList<StepPlan> BackwardInput,
    IReadOnlyList<StepPlan> ForwardTile,
    IReadOnlyList<StepPlan> BackwardTile);

/// <summary>A buffer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Summary">What it holds.</param>
/// <param name="Value">The expression that makes it.</param>
internal sealed record BufferPlan(string Name, string Type, string Summary, string Value);

/// <summary>The calls for one member.</summary>
internal sealed record StepPlan(MemberModel Member, IReadOnlyList<CallPlan> Calls)
{
    /// <summary>Whether a call reads or writes a buffer.</summary>
    public bool Names(string buffer) => Calls.Any(c => c.Arguments.Contains(buffer) || c.Arguments.Contains(RowsOfTile(buffer)));

    /// <summary>The rows that a tile has in a buffer with the rows of the batch.</summary>
    public static string RowsOfTile(string buffer) => $"{buffer}.From(run.FirstRow)";
}

/// <summary>One line: <c>Target.Method(arguments);</c></summary>
/// <param name="Target">What stands before the dot.</param>
/// <param name="Method">What is called.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="ReadWhere">For each argument the expression that says whether it is read; null for one that always is, and for a call where all are.</param>
/// <param name="Result">The variable that takes what is given back, with its type; null where nothing is.</param>
internal sealed record CallPlan(string Target, string Method, IReadOnlyList<string> Arguments, IReadOnlyList<string?>? ReadWhere = null, string? Result = null)
{
    public override string ToString() => $"{(Result is null ? "" : Result + " = ")}{Target}.{Method}({string.Join(", ", Arguments)});";
}
