using Ist.Generators.Model;

namespace Ist.Generators.Planning;

/// <summary>
/// The backward pass is the forward pass read bottom-up. The first writer of a gradient sets it and later ones add, so
/// nothing is ever cleared. A call that can't do both at once, and a part, which always sets, writes a share of its own
/// that is then added.
/// </summary>
internal sealed class BackwardPlanner(PartModel part, Wires wires)
{
    private readonly Dictionary<string, BufferRequest> _shares = [];

    /// <summary>Buffers for shares, found while planning.</summary>
    public IEnumerable<BufferRequest> Shares => _shares.Values;

    /// <param name="trained">Whether the part's parameters get gradients, or only its input does.</param>
    public IReadOnlyList<StepPlan> Plan(bool trained)
    {
        var written = new HashSet<string> { part.Last.Name };
        return [.. part.Members.Reverse().Select(m => new StepPlan(m, [.. Calls(m, written, trained)]))];
    }

    private IEnumerable<CallPlan> Calls(MemberModel member, HashSet<string> written, bool trained)
    {
        // Where no reader passes a gradient back there is none to go on with, as before a choice of experts.
        if (member.Kind != MemberKind.Stack && !member.Values.Any(v => written.Contains(v.Key)))
            yield break;
        IEnumerable<CallPlan> calls = member.Kind switch
        {
            MemberKind.Layer => LayerCalls(member, written, trained),
            MemberKind.Part => PartCalls(member, written, trained),
            _ => StackCalls(member, written),
        };
        foreach (CallPlan call in calls)
            yield return call;
        if (member.Residual)
            yield return Add(member, wires.Gradient(member.Sources[0]), wires.Gradient(member.Name));
    }

    private IEnumerable<CallPlan> LayerCalls(MemberModel member, HashSet<string> written, bool trained)
    {
        KernelModel kernel = member.Kernel!;
        string[] inputs = [.. kernel.Inputs.Select(p => p.Name)];
        string[] differentiated = [.. inputs.Where(kernel.PassesBackTo)];
        if (differentiated.Length > 0)
        {
            string Source(string input) => member.Sources[Array.IndexOf(inputs, input)];
            string[] later = [.. differentiated.Where(i => !written.Add(Source(i)))];
            MethodModel? adding = Method(kernel, KernelMethods.BackwardInputAdd, KernelMethods.BackwardAdd, trained);
            if (later.Length == differentiated.Length && adding is not null)
            {
                yield return Call(member, adding, i => wires.Gradient(Source(i)));
            }
            else
            {
                MethodModel setting = Method(kernel, KernelMethods.BackwardInputSet, KernelMethods.BackwardSet, trained)!;
                yield return Call(member, setting, i => later.Contains(i) ? Share(member, i, Source(i)) : wires.Gradient(Source(i)));
                foreach (string input in later)
                    yield return Add(member, wires.Gradient(Source(input)), Share(member, input, Source(input)));
            }
        }
        if (trained && kernel.Find(KernelMethods.BackwardWeights) is { } weights)
            yield return Call(member, weights, _ => "");
    }

    private IEnumerable<CallPlan> PartCalls(MemberModel member, HashSet<string> written, bool trained)
    {
        string source = member.Sources[0], method = trained ? "Backward" : "BackwardInput";
        if (member.Kernel?.Find(trained ? KernelMethods.BackwardBranch : KernelMethods.BackwardInputBranch) is { } behind)
            yield return Call(member, behind, _ => "") with { Result = $"{member.Output.Type} {member.Given}" };
        string[] given =
            [member.Kernel is null ? wires.Gradient(member.Name) : member.Given, wires.Value(source), .. Wires.InsideOf(member, trained ? "atd" : "ad")];
        if (!member.Inputs[0].HasGradient)
        {
            // What is given token ids has no dx to set, and so nothing to do where it is not trained.
            if (trained)
                yield return new CallPlan(member.Name, method, ["run", .. given]);
            yield break;
        }
        bool first = written.Add(source);
        string dx = first ? wires.Gradient(source) : Share(member, "x", source);
        yield return new CallPlan(member.Name, method, ["run", dx, .. given]);
        // The gradient by the stream is there by now: the member that adds the two stands below, or it is dx itself.
        if (member.Kernel?.Find(KernelMethods.BackwardShare) is { } share)
            yield return Call(member, share, _ => member.Stream == source ? dx : wires.Gradient(member.Stream));
        if (!first)
            yield return Add(member, wires.Gradient(source), dx);
    }

    private static IEnumerable<CallPlan> StackCalls(MemberModel member, HashSet<string> written)
    {
        written.Add(member.Sources[0]);
        return []; // The loop over layers is the emitter's.
    }

    private CallPlan Call(MemberModel member, MethodModel method, Func<string, string> inputGradient) =>
        new(PartPlanner.Target(member), method.Name, PartPlanner.Arguments(member, method.Parameters, wires, inputGradient),
            PartPlanner.ReadWhere(member, method.Parameters));

    private string Share(MemberModel member, string input, string source)
    {
        string name = Wires.Share(member, input);
        ValueModel? value = part.Members.SelectMany(m => m.Values).FirstOrDefault(v => v.Key == source);
        PortModel port = value?.Port ?? part.Input;
        _shares[name] = BufferRequest.Of(name, port, $"{member.Name}'s share of the gradient by {source}.", part.Tiled.Contains(member), value is { PerSequence: true });
        return $"d.{name}";
    }

    private static MethodModel? Method(KernelModel kernel, string inputOnly, string full, bool trained) =>
        (trained ? null : kernel.Find(inputOnly)) ?? kernel.Find(full);

    private static CallPlan Add(MemberModel member, string to, string share) => new("Residual", "Add", [member.Run, to, share]);
}
