using Ist.Generators.Model;

namespace Ist.Generators.Planning;

/// <summary>
/// Says of each buffer where it lives and how long, from the calls that read and write it. A value that the backward pass reads even
/// where it only passes a gradient on is kept for every layer (<c>a</c>); one that it reads for the gradients of parameters alone is
/// kept for layers that are trained (<c>t</c>); one that it does not read at all lives within the forward pass (<c>s</c>), as
/// gradients do within the backward pass (<c>d</c>). A life is counted in steps of the part's pass, one for each member. Tiles are worked
/// on between the two passes: what tiled members read of others lives on until then, and what they write for others from then on.
/// </summary>
internal sealed class LivenessPlanner(
    PartModel part, IReadOnlyList<StepPlan> forward, IReadOnlyList<StepPlan> trained, IReadOnlyList<StepPlan> passed,
    IReadOnlyList<StepPlan> forwardTile, IReadOnlyList<StepPlan> backwardTile)
{
    /// <summary>In place of a step: the tiles, as the forward pass counts.</summary>
    public const int AfterForward = int.MaxValue;

    /// <summary>In place of a step: the tiles, as the backward pass counts.</summary>
    public const int BeforeBackward = -1;

    private readonly IReadOnlyList<StepPlan> _tiles = [.. forwardTile, .. backwardTile];
    private readonly HashSet<string> _ofTile = [];
    private readonly Dictionary<string, string> _names = [];
    private readonly MemberModel? _stack = part.Members.FirstOrDefault(m => m.Kind == MemberKind.Stack);

    /// <summary>Plans the part.</summary>
    /// <param name="values">What the forward pass writes.</param>
    /// <param name="gradients">What the backward pass writes.</param>
    public PartPlan Plan(IEnumerable<BufferRequest> values, IEnumerable<BufferRequest> gradients)
    {
        List<BufferPlan> activations = [], kept = [], scratch = [];
        foreach (BufferRequest value in values)
        {
            string name = "a." + value.Name;
            string[] conditions = [.. Conditions(passed, name), .. Conditions(trained, name)];
            bool isChained = value.Name == Chained, passes = isChained || Conditions(passed, name).Any();
            (List<BufferPlan> set, char letter) = passes ? (activations, 'a') : conditions.Length > 0 ? (kept, 't') : (scratch, 's');
            string keep = isChained ? "space.KeepsInput(0)" : string.Join(" || ", conditions.Distinct().Reverse());
            bool isConditional = isChained || (letter != 's' && conditions.All(c => c.Length > 0));
            set.Add(Buffer(value, AcrossStack(value, Life(value, name, forward, forward, AfterForward)), isConditional ? keep : ""));
            _names[name] = $"{letter}.{value.Name}";
        }
        List<BufferPlan> written = [];
        foreach (BufferRequest gradient in gradients)
        {
            string name = "d." + gradient.Name;
            if (gradient.Name == Chained || trained.Concat(passed).Concat(_tiles).Any(step => step.Names(name)))
                written.Add(Buffer(gradient, Life(gradient, name, trained, passed, BeforeBackward), ""));
        }
        return new PartPlan(
            [.. activations, .. Inside("Activations", forward)],
            [.. kept, .. Inside("Trained", forward)],
            [.. scratch, .. Inside("Scratch", forward)],
            [.. written, .. Inside("Gradients", trained)],
            Renamed(forward), Renamed(trained), Renamed(passed), OfTile(forwardTile), OfTile(backwardTile));
    }

    /// <summary>The step of a pass that is a member's.</summary>
    public static int StepOf(IReadOnlyList<StepPlan> pass, MemberModel member) =>
        pass.Select((step, index) => (step, index)).First(s => s.step.Member == member).index;

    /// <summary>The life of what flows from layer to layer: the stack's step, and those that read its last value or write the gradient by it.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="pass">The pass whose steps are counted.</param>
    /// <param name="tiles">The steps of tiles.</param>
    /// <param name="atTiles">What stands for them in that pass.</param>
    public static (int Written, int Read) ChainLife(MemberModel stack, IReadOnlyList<StepPlan> pass, IReadOnlyList<StepPlan> tiles, int atTiles)
    {
        string last = $"{stack.Name}[{stack.Name}.Count]";
        int[] steps = [StepOf(pass, stack), .. Steps(pass, "a." + last), .. Steps(pass, "d." + last), .. AtTiles(tiles, "a." + last, atTiles)];
        return (steps.Min(), steps.Max());
    }

    /// <summary>A life in emitted code.</summary>
    public static string Written((int Written, int Read) life)
    {
        static string Step(int step) => step is AfterForward or BeforeBackward ? "BufferSpace.Tiles" : $"{step}";
        return $"written: {Step(life.Written)}, read: {Step(life.Read)}";
    }

    /// <summary>The buffer that a stack begins with, which its layers take turns with.</summary>
    private string? Chained => _stack is null ? null : ValueModel.BufferOf(_stack.Sources[0]);

    private static BufferPlan Buffer(BufferRequest request, (int Written, int Read) life, string keep)
    {
        string width = request.Width.Length == 0 ? "" : request.Width + ", ";
        string condition = keep.Length == 0 ? "" : $", keep: {keep}";
        return new BufferPlan(
            request.Name, request.Type, request.Summary,
            $"{request.Space}.{request.Take}({width}{Written(life)}{condition})");
    }

    private IEnumerable<BufferPlan> Inside(string buffers, IReadOnlyList<StepPlan> pass) => part.Members
        .Where(m => m.Kind == MemberKind.Part)
        .Select(m => new BufferPlan(
            Wires.Inside(m), $"{m.Type}.{buffers}", $"The buffers inside {m.Name}.",
            $"new {m.Type}.{buffers}(space.Within({StepOf(pass, m)}), part.{m.Name})"));

    private (int Written, int Read) Life(
        BufferRequest request, string name, IReadOnlyList<StepPlan> pass, IReadOnlyList<StepPlan> other, int atTiles)
    {
        if (request.IsTile)
            _ofTile.Add(name);
        int[] steps = [.. Steps(pass, name), .. Steps(other, name), .. AtTiles(_tiles, name, atTiles)];
        if (_stack is not null && request.Name == Chained)
        {
            (int written, int read) = ChainLife(_stack, pass, _tiles, atTiles);
            steps = [.. steps, written, read];
        }
        return (steps.Min(), steps.Max());
    }

    // The forward pass may go on from a layer's input (IModel.ForwardFrom), so what passes the stack by is there until the next batch.
    private (int Written, int Read) AcrossStack(BufferRequest request, (int Written, int Read) life)
    {
        int stack = _stack is null || request.Name == Chained ? 0 : StepOf(forward, _stack);
        return life.Written < stack && stack < life.Read ? (life.Written, AfterForward) : life;
    }

    private static IEnumerable<int> Steps(IReadOnlyList<StepPlan> pass, string name) =>
        pass.Select((step, index) => (step, index)).Where(s => s.step.Names(name)).Select(s => s.index);

    private static IEnumerable<int> AtTiles(IReadOnlyList<StepPlan> tiles, string name, int atTiles) =>
        tiles.Any(step => step.Names(name)) ? [atTiles] : [];

    // For each call that reads a value, the expression of whether it does; empty where it always does.
    private static IEnumerable<string> Conditions(IReadOnlyList<StepPlan> pass, string name) =>
        from step in pass
        from call in step.Calls
        from index in Enumerable.Range(0, call.Arguments.Count)
        where call.Arguments[index] == name
        select call.ReadWhere?[index] ?? "";

    private IReadOnlyList<StepPlan> Renamed(IReadOnlyList<StepPlan> pass) => Renamed(pass, Renamed);

    // Buffers of others have the rows of the batch.
    private IReadOnlyList<StepPlan> OfTile(IReadOnlyList<StepPlan> tile) => Renamed(tile, argument =>
        !(argument.StartsWith("a.", StringComparison.Ordinal) || argument.StartsWith("d.", StringComparison.Ordinal)) || _ofTile.Contains(argument)
            ? Renamed(argument)
            : StepPlan.RowsOfTile(Renamed(argument)));

    private static IReadOnlyList<StepPlan> Renamed(IReadOnlyList<StepPlan> pass, Func<string, string> renamed) =>
        [.. pass.Select(step => step with { Calls = [.. step.Calls.Select(c => c with { Arguments = [.. c.Arguments.Select(renamed)] })] })];

    private string Renamed(string argument) => _names.TryGetValue(argument, out string? name) ? name : argument;
}
