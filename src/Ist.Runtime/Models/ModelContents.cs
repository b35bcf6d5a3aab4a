using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>
/// What a model is made of, in the order of its declaration. Filled while the model is constructed: whatever has a weight,
/// a trainable tensor or a slot is in these lists, so nothing can be missing from the optimizer or from a file.
/// </summary>
public sealed class ModelContents
{
    private readonly List<Weight> _weights = [];
    private readonly List<Parameter> _parameters = [];
    private readonly List<SlotEntry> _slots = [];
    private readonly List<IReserving> _reserving = [];
    private readonly List<IDerivedTensor> _derived = [];
    private readonly HashSet<string> _tiedNames = [];

    /// <summary>What the method puts before each sequence; batches of the model are made with it.</summary>
    public VirtualTokens VirtualTokens { get; init; }

    /// <summary>The base model's tensors; a tied one stands here once.</summary>
    public IReadOnlyList<Weight> Weights => _weights;

    /// <summary>The tensors that training changes.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Tensors of an adapter's file that are computed from parameters which it does not have.</summary>
    public IReadOnlyList<IDerivedTensor> Derived => _derived;

    /// <summary>The slots, also those that the method left empty.</summary>
    public IReadOnlyList<SlotEntry> Slots => _slots;

    /// <summary>Names under which a checkpoint may hold a tied weight a second time.</summary>
    public IReadOnlySet<string> TiedNames => _tiedNames;

    /// <summary>Elements of all trainable tensors.</summary>
    public long TrainableCount => _parameters.Sum(p => p.Count);

    /// <summary>Adds a tensor of the base model.</summary>
    public void Add(Weight weight) => _weights.Add(weight);

    /// <summary>Adds the name of a weight that is another one's.</summary>
    public void AddTied(string name) => _tiedNames.Add(name);

    /// <summary>Adds a trainable tensor.</summary>
    public void Add(Parameter parameter) => _parameters.Add(parameter);

    /// <summary>Adds a tensor that is computed from parameters.</summary>
    public void Add(IDerivedTensor tensor) => _derived.Add(tensor);

    /// <summary>Adds a slot.</summary>
    public void Add(SlotEntry slot) => _slots.Add(slot);

    /// <summary>Adds a layer that needs memory of its own for a run.</summary>
    public void Add(IReserving layer) => _reserving.Add(layer);

    /// <summary>The first of these layers that is of a type, for another layer that shares it; null where there is none.</summary>
    public T? Find<T>() where T : class, IReserving => _reserving.OfType<T>().FirstOrDefault();

    /// <summary>Lets every layer that needs memory of its own take it.</summary>
    public void Reserve(Arena arena)
    {
        foreach (IReserving layer in _reserving)
            layer.Reserve(arena);
    }
}
