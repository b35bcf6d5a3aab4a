namespace Ist.Generators.Model;

/// <summary>How a layer is called, learnt from the signatures of its kernel class or slot.</summary>
/// <param name="Forward">The forward method's parameters.</param>
/// <param name="Backwards">The backward methods that it offers.</param>
internal sealed record KernelModel(EquatableArray<ParameterModel> Forward, EquatableArray<MethodModel> Backwards)
{
    public IEnumerable<ParameterModel> Saved => Forward.Where(p => p.Role == ParameterRole.Saved);

    public IEnumerable<ParameterModel> Inputs => Forward.Where(p => p.Role == ParameterRole.Input);

    public IEnumerable<ParameterModel> Results => Forward.Where(p => p.Role == ParameterRole.Result);

    public MethodModel? Find(string method) => Backwards.FirstOrDefault(m => m.Name == method);

    /// <summary>Whether a backward method takes scratch of the shape of a saved value.</summary>
    public bool NeedsScratch(ParameterModel saved) =>
        Backwards.Any(m => m.Parameters.Any(p => p.Role == ParameterRole.Gradient && p.Of == saved.Name));

    /// <summary>Whether the backward pass gives the gradient by an input.</summary>
    public bool PassesBackTo(string input) =>
        Find(KernelMethods.BackwardSet) is { } set && set.Parameters.Any(p => p.Role == ParameterRole.Gradient && p.Of == input);

    /// <summary>Whether a backward method reads what the layer gave.</summary>
    public bool ReadsResult => Backwards.Any(m => m.Parameters.Any(p => p.Role == ParameterRole.Result));
}

/// <summary>A method of a kernel class.</summary>
internal sealed record MethodModel(string Name, EquatableArray<ParameterModel> Parameters);

/// <summary>A parameter of a method of a kernel class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">What is passed.</param>
/// <param name="Of">The forward parameter that it is, or is the gradient of.</param>
/// <param name="Port">What it takes.</param>
/// <param name="WidthProperty">The property of the layer or slot that says how wide a saved row is.</param>
/// <param name="PerSequence">Whether a result has a row for each sequence where the inputs have one for each token.</param>
/// <param name="ReadWhere">The property of the layer or slot that says whether a backward method reads it; null where it always does.</param>
internal sealed record ParameterModel(string Name, ParameterRole Role, string Of, PortModel Port, string? WidthProperty = null, bool PerSequence = false, string? ReadWhere = null);

internal enum ParameterRole
{
    Run,
    Result,
    Saved,
    Input,
    Gradient,
    Layer,
}
