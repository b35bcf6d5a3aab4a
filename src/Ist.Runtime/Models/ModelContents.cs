using Ist.Runtime.Checkpoints;
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
    private readonly List<IPackable> _packable = [];
    private readonly List<IDerivedTensor> _derived = [];
    private readonly List<IScaleGradient> _scaleGradients = [];
    private readonly List<Parameter> _carried = [];
    private readonly List<TiedWeight> _tied = [];
    private readonly List<IAuxiliaryLoss> _auxiliaryLosses = [];
    private readonly Dictionary<string, AnyLayer> _anyLayer = new(StringComparer.Ordinal);

    /// <summary>What the method puts before each sequence; batches of the model are made with it.</summary>
    public VirtualTokens VirtualTokens { get; init; }

    /// <summary>The name of the file that Hugging Face keeps the method's adapters in.</summary>
    public string AdapterFile { get; init; } = AdapterFolder.TensorFile;

    /// <summary>The base model's tensors; a tied one stands here once.</summary>
    public IReadOnlyList<Weight> Weights => _weights;

    /// <summary>The tensors that training changes.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Tensors of an adapter's file that are computed from parameters which it does not have.</summary>
    public IReadOnlyList<IDerivedTensor> Derived => _derived;

    /// <summary>What the gradients of the loss by the layers' adapter scales are the sums of.</summary>
    public IReadOnlyList<IScaleGradient> ScaleGradients => _scaleGradients;

    /// <summary>Tensors that the adapter's file has beside them, and training does not change.</summary>
    public IReadOnlyList<Parameter> Carried => _carried;

    /// <summary>The slots, also those that the method left empty.</summary>
    public IReadOnlyList<SlotEntry> Slots => _slots;

    /// <summary>Weights that are others', which a checkpoint may hold a second time under their own names.</summary>
    public IReadOnlyList<TiedWeight> Tied => _tied;

    /// <summary>The names of the layers that have weights.</summary>
    public IReadOnlyCollection<string> Modules =>
        [.. _weights.Concat(_tied.Select(tied => tied.Weight)).Select(weight => weight.Name[..weight.Name.LastIndexOf('.')]).Distinct(StringComparer.Ordinal)];

    /// <summary>Elements of all trainable tensors.</summary>
    public long TrainableCount => _parameters.Sum(p => p.Count);

    /// <summary>
    /// Tokens beyond which a text that is being generated is read anew from its first one, since what a cache holds of them was
    /// computed as for a shorter text; null where it never is.
    /// </summary>
    public int? RereadsBeyond { get; private set; }

    /// <summary>What the model adds to the loss of its predictions, for the last forward pass, in nats.</summary>
    public double AuxiliaryLoss
    {
        get
        {
            double sum = 0;
            foreach (IAuxiliaryLoss loss in _auxiliaryLosses)
                sum += loss.Value;
            return sum;
        }
    }

    /// <summary>Adds a tensor of the base model.</summary>
    public void Add(Weight weight) => _weights.Add(weight);

    /// <summary>Adds a weight that is another one's.</summary>
    public void Add(TiedWeight tied) => _tied.Add(tied);

    /// <summary>Adds a trainable tensor.</summary>
    public void Add(Parameter parameter) => _parameters.Add(parameter);

    /// <summary>Adds a tensor that is computed from parameters.</summary>
    public void Add(IDerivedTensor tensor) => _derived.Add(tensor);

    /// <summary>Adds a share of the gradient by a layer's adapter scale.</summary>
    public void Add(IScaleGradient share) => _scaleGradients.Add(share);

    /// <summary>Adds a tensor that the adapter's file has and training does not change.</summary>
    public void AddCarried(Parameter parameter) => _carried.Add(parameter);

    /// <summary>Adds a slot.</summary>
    public void Add(SlotEntry slot) => _slots.Add(slot);

    /// <summary>Adds a layer that needs memory of its own for a run.</summary>
    public void Add(IReserving layer) => _reserving.Add(layer);

    /// <summary>Adds a layer whose weight can be packed.</summary>
    public void Add(IPackable layer) => _packable.Add(layer);

    /// <summary>The first of these layers that is of a type, for another layer that shares it; null where there is none.</summary>
    public T? Find<T>() where T : class, IReserving => _reserving.OfType<T>().FirstOrDefault();

    /// <summary>What holds of a module of every layer as soon as it does in one.</summary>
    /// <param name="module">The module's name, the same in all layers.</param>
    /// <param name="here">Whether it holds in this one.</param>
    internal AnyLayer InAnyLayer(string module, bool here)
    {
        if (!_anyLayer.TryGetValue(module, out AnyLayer? any))
            _anyLayer[module] = any = new AnyLayer();
        any.Add(here);
        return any;
    }

    /// <summary>
    /// Folds what was trained into the weights, which are frozen from then on: each slot's adapter, and the tensors that took weights'
    /// places. Adapters stay in their slots; give them the values that they begin with, or make the model anew without a method.
    /// </summary>
    /// <exception cref="InputException">The method puts virtual tokens before texts.</exception>
    public void Merge()
    {
        if (VirtualTokens.Count > 0)
            throw new InputException($"The method puts {VirtualTokens.Count} virtual tokens before each text, which no weight can hold; use the adapter beside the model.");
        Unpack();
        foreach (SlotEntry slot in _slots)
            slot.Merge?.Invoke();
        foreach (Weight weight in _weights.Concat(_tied.Select(tied => tied.Weight)).Where(weight => weight.Parameter is not null))
            weight.Become(weight.Widened());
    }

    /// <summary>Adds a term of the loss, once however many layers share it.</summary>
    public void Add(IAuxiliaryLoss loss)
    {
        if (!_auxiliaryLosses.Contains(loss))
            _auxiliaryLosses.Add(loss);
    }

    /// <summary>Asks for texts to be read anew once they have more tokens than these.</summary>
    public void RereadBeyond(int tokens) => RereadsBeyond = tokens;

    /// <summary>Lets every layer that needs memory of its own take it.</summary>
    public void Reserve(Arena arena)
    {
        foreach (IReserving layer in _reserving)
            layer.Reserve(arena);
    }

    /// <summary>Packs the frozen weights of large products (<c>--pack-weights</c>).</summary>
    public void Pack(Arena arena)
    {
        foreach (IPackable layer in _packable)
            layer.Pack(arena);
    }

    /// <summary>Reads the weights where they lie again, before the arena that they were packed in is gone.</summary>
    public void Unpack()
    {
        foreach (IPackable layer in _packable)
            layer.Unpack();
    }
}
