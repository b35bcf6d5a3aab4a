namespace Ist.Generators.Model;

/// <summary>A member of a part.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as written in emitted code.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Accessibility">Such as <c>public</c>, as it was declared; empty where nothing was.</param>
/// <param name="TakesScope">Whether its constructor takes a scope.</param>
/// <param name="WeightName">Its name in the checkpoint, if it was given one.</param>
/// <param name="TiedTo">The member whose weight it may share.</param>
/// <param name="Residual">Its input is added to its output.</param>
/// <param name="ChoosesLayers">Its layers are chosen step by step.</param>
/// <param name="Checkpointed">Its layers can keep their input alone and run their forward pass again.</param>
/// <param name="Tiled">From it on, the model works on tiles of rows.</param>
/// <param name="Sources">What it reads: names of members, or <c>Input</c>.</param>
/// <param name="Inputs">What its inputs take.</param>
/// <param name="Values">What it gives: one value, or several where its layer has several results.</param>
/// <param name="BySequence">Whether it works on a row for each sequence, because what it reads has that.</param>
/// <param name="Kernel">How it is called, where it is a layer; how its slot is, where it is a part that has one.</param>
/// <param name="Slot">The type of its slot, where it has one. The slot of a layer is then what is called; that of a part stands behind it.</param>
/// <param name="Behind">What a slot behind a part was given.</param>
/// <param name="Element">The type that a stack repeats.</param>
internal sealed record MemberModel(
    string Name,
    string Type,
    MemberKind Kind,
    string Accessibility,
    bool TakesScope,
    string? WeightName,
    string? TiedTo,
    bool Residual,
    bool ChoosesLayers,
    bool Checkpointed,
    bool Tiled,
    EquatableArray<string> Sources,
    EquatableArray<PortModel> Inputs,
    EquatableArray<ValueModel> Values,
    bool BySequence,
    KernelModel? Kernel,
    string? Slot,
    BranchSlotModel? Behind,
    string? Element)
{
    /// <summary>The name of the part's own input among <see cref="Sources"/>.</summary>
    public const string PartInput = "Input";

    /// <summary>What a member gives that gives one value.</summary>
    public PortModel Output => Values[0].Port;

    /// <summary>The value that a part's result is added to, as far as its slot knows.</summary>
    public string Stream => Behind?.To ?? Sources[0];

    /// <summary>The local variable for the gradient by what a part with a slot gave.</summary>
    public string Given => "d" + Name;

    /// <summary>The run that its calls are given.</summary>
    public string Run => BySequence ? "run.BySequence" : "run";

    /// <summary>Whether the member's backward pass gives the gradient by what its i-th input reads.</summary>
    public bool PassesBack(int i) => Kind != MemberKind.Layer || Kernel is null ? Inputs[i].HasGradient : Kernel.PassesBackTo(Kernel.Inputs.ElementAt(i).Name);

    /// <summary>The head of its implementation, which must repeat the modifiers of its declaration.</summary>
    public string Implementation => $"{(Accessibility.Length == 0 ? "" : Accessibility + " ")}partial {Type} {Name}";
}

/// <summary>What was declared of a slot behind a part.</summary>
/// <param name="Name">Its name in an adapter's file.</param>
/// <param name="To">The value that the part's result is added to; null for the part's own input.</param>
/// <param name="Norm">The member that normalises the sum, if one does.</param>
internal sealed record BranchSlotModel(string Name, string? To, string? Norm);

internal enum MemberKind
{
    Layer,
    Part,
    Stack,
}
