namespace Ist.Runtime.Peft;

/// <summary>
/// Where in a model the slots of a part are being named, as <see cref="Models.Scope"/> says where it is being constructed. The classes that
/// are generated for a model's parts take one and pass narrower ones on.
/// </summary>
public sealed class SlotScope
{
    private readonly List<SlotName> _model;
    private readonly string _stack;
    private readonly string _name;

    /// <summary>The scope of a whole model.</summary>
    public SlotScope() : this([], "", "")
    {
    }

    private SlotScope(List<SlotName> model, string stack, string name)
    {
        _model = model;
        _stack = stack;
        _name = name;
    }

    /// <summary>The scope of a member.</summary>
    /// <param name="name">Its name in the checkpoint, relative to this scope.</param>
    public SlotScope Member(string name) => new(_model, _stack, Join(name));

    /// <summary>The scope of each layer of a stack.</summary>
    /// <param name="name">The stack's name in the checkpoint, relative to this scope.</param>
    public SlotScope Stack(string name) => new(_model, Join(name), "");

    /// <summary>A slot.</summary>
    /// <param name="name">Its member's name in the checkpoint, relative to this scope.</param>
    public SlotName Slot(string name)
    {
        var slot = new SlotName(_model, _stack, Join(name));
        _model.Add(slot);
        return slot;
    }

    private string Join(string name) => _name.Length == 0 ? name : name.Length == 0 ? _name : $"{_name}.{name}";
}
