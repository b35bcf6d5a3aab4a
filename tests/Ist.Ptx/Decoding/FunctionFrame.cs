using Ist.Ptx.Execution;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>A function that is being decoded: its labels, and the first of its scopes.</summary>
internal sealed class FunctionFrame(Function function, FunctionFrame? caller, int firstScope)
{
    private readonly Dictionary<string, Label> _labels = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _lists = function.Body
        .OfType<LabelStatement>()
        .Where(label => label.Targets is not null)
        .ToDictionary(label => label.Name, label => label.Targets!);

    public Function Function { get; } = function;

    public FunctionFrame? Caller { get; } = caller;

    public int FirstScope { get; } = firstScope;

    public int Depth { get; } = caller is null ? 0 : caller.Depth + 1;

    public Label End { get; } = new("the end", function.Line);

    public Label Label(string name, int line)
    {
        if (!_labels.TryGetValue(name, out var label))
            _labels.Add(name, label = new Label(name, line));
        return label;
    }

    public IReadOnlyList<Label> Targets(string list, int line) => _lists.TryGetValue(list, out var names)
        ? [.. names.Select(name => Label(name, line))]
        : throw new PtxException(line, $"'{list}' is no list of branch targets");

    public void CheckLabels()
    {
        if (_labels.Values.FirstOrDefault(label => label.Instruction < 0) is { } missing)
            throw new PtxException(missing.Line, $"label '{missing.Name}' is nowhere in '{Function.Name}'");
    }
}
