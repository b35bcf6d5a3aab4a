using System.Globalization;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>
/// Where in the model a part or layer is being constructed: its name in the checkpoint, its layer, and what it may draw on
/// (widths, options, weights, the PEFT method's options). Constructors take a scope and pass narrower ones on.
/// </summary>
public sealed class Scope
{
    private readonly ModelSetup _setup;
    private readonly Weight? _tied;
    private readonly bool _isAdaptable;

    /// <summary>The scope of a whole model.</summary>
    public Scope(ModelSetup setup) : this(setup, "", -1, null)
    {
    }

    private Scope(ModelSetup setup, string name, int layer, Weight? tied, bool isAdaptable = false)
    {
        _setup = setup;
        Name = name;
        Layer = layer;
        _tied = tied;
        _isAdaptable = isAdaptable;
    }

    /// <summary>The name in the checkpoint, such as <c>model.layers.3.mlp.gate_proj</c>; empty at the top.</summary>
    public string Name { get; }

    /// <summary>The layer of the stack, or -1 outside it.</summary>
    public int Layer { get; }

    /// <summary>What the model has so far.</summary>
    public ModelContents Contents => _setup.Contents;

    /// <summary>The PEFT method's options.</summary>
    public PeftOptions Peft => _setup.Peft;

    /// <summary>The size of a marker type.</summary>
    public int Width<W>() where W : IWidth => _setup.Widths.Of<W>();

    /// <summary>The options of a kind of layer.</summary>
    public T Options<T>() where T : class => _setup.Options.Of<T>();

    /// <summary>The scope of a member.</summary>
    /// <param name="name">Its name in the checkpoint, relative to this scope.</param>
    /// <param name="tiedTo">The weight that it shares if the checkpoint ties them.</param>
    public Scope Member(string name, Weight? tiedTo = null) =>
        new(_setup, Join(Name, name), Layer, _setup.TiesWeights ? tiedTo : null);

    /// <summary>The scope of one of several alike, such as an expert: its number takes the place of <c>*</c> in the name.</summary>
    public Scope Numbered(int number) => new(_setup, Name.Replace("*", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), Layer, _tied);

    /// <summary>The scope of one layer of the stack.</summary>
    public Scope InLayer(int layer) => new(_setup, $"{Name}.{layer}", layer, null);

    /// <summary>The same scope, for the tensors of a layer that slots host: see <see cref="BaseTensor.IsAdaptable"/>.</summary>
    public Scope Adaptable => new(_setup, Name, Layer, _tied, isAdaptable: true);

    /// <summary>A tensor of the base model: the tied one, one that this run trains, or the checkpoint's, frozen.</summary>
    /// <param name="suffix">The tensor's own name: <c>weight</c>, <c>bias</c>.</param>
    /// <param name="initial">How it begins when no checkpoint gives it.</param>
    /// <param name="shape">Its shape, outermost dimension first.</param>
    /// <exception cref="InputException">The checkpoint does not have it, or has it otherwise.</exception>
    /// <exception cref="InvalidOperationException">It is tied to a weight of another shape.</exception>
    public Weight Weight(string suffix, Initial initial, params long[] shape)
    {
        string name = Join(Name, suffix);
        WeightUse use = Peft.Use(new BaseTensor(Name, suffix, _isAdaptable));
        // A layer with several tensors, such as a bias, shares the one that is its partner's: weight with weight.
        Weight? tied = _tied is not null && _tied.Name[(_tied.Name.LastIndexOf('.') + 1)..] == suffix ? Tie(name, shape) : null;
        if (tied is not null && (use.Key is null || use.Key == name))
            return tied;
        Weight? stored = tied ?? _setup.Source?.Take(name, shape);
        Weight weight = use.Key is not null
            ? new Weight(name, Parameter(use, stored, initial, shape), stored)
            : stored ?? throw new InputException(_setup.Source is null
                ? "A model that begins at random must train every weight; use the method 'full'."
                : $"'{name}' is not in the checkpoint, which was trained for another task, so it would begin at random and stay so; train it with 'ist finetune', and use the adapter that was saved.");
        Contents.Add(weight);
        return weight;
    }

    /// <summary>A tensor that training changes.</summary>
    /// <param name="key">Its name in the file that it is saved to.</param>
    /// <param name="initial">How it begins when no file gives it.</param>
    /// <param name="shape">Its shape, outermost dimension first.</param>
    public Parameter Parameter(string key, Initial initial, params long[] shape) => Add(new Parameter(key, Layer, initial, shape));

    /// <summary>A tensor that training changes, which begins normal with mean 0.</summary>
    /// <param name="key">Its name in the file that it is saved to.</param>
    /// <param name="deviation">The deviation.</param>
    /// <param name="shape">Its shape, outermost dimension first.</param>
    public Parameter NormalParameter(string key, float deviation, params long[] shape) =>
        Add(new Parameter(key, Layer, Initial.Normal, shape) { Deviation = deviation });

    /// <summary>A tensor that training changes, which begins with computed values.</summary>
    /// <param name="key">Its name in the file that it is saved to.</param>
    /// <param name="start">Writes the values that it begins with when no file gives them.</param>
    /// <param name="shape">Its shape, outermost dimension first.</param>
    public Parameter Parameter(string key, Action<Span<float>> start, params long[] shape) =>
        Add(new Parameter(key, Layer, Initial.Computed, shape) { Start = start });

    /// <summary>A tensor that the adapter's file has and training does not change.</summary>
    /// <param name="key">Its name in the file.</param>
    /// <param name="initial">How it begins.</param>
    /// <param name="shape">Its shape, outermost dimension first.</param>
    public void Carry(string key, Initial initial, params long[] shape) =>
        Contents.AddCarried(new Parameter(key, Layer, initial, shape) { IsOptional = true });

    /// <summary>
    /// A tensor that training does not change and all modules share that ask for it by this key. The adapter's file has it once, each
    /// dimension as large as the largest that one of them needs.
    /// </summary>
    /// <param name="key">Its name in the file, which must have it.</param>
    /// <param name="start">Writes the values that it begins with when no file gives them.</param>
    /// <param name="shape">What this module needs of it, outermost dimension first.</param>
    /// <returns>The tensor; its shape is final once the model is constructed.</returns>
    public Parameter Share(string key, Action<Span<float>> start, params long[] shape)
    {
        if (Contents.Carried.FirstOrDefault(carried => carried.Key == key) is { } shared)
        {
            shared.Cover(shape);
            return shared;
        }
        var parameter = new Parameter(key, layer: -1, Initial.Computed, shape) { Start = start };
        Contents.AddCarried(parameter);
        return parameter;
    }

    /// <summary>What holds of this module of every layer as soon as it does in one of them, because layers share buffers.</summary>
    /// <param name="what">What it is, in a word.</param>
    /// <param name="here">Whether it holds in this layer.</param>
    public AnyLayer InAnyLayer(string what, bool here)
    {
        string module = Layer < 0 ? Name : Name.Replace(FormattableString.Invariant($".{Layer}."), ".*.", StringComparison.Ordinal);
        return Contents.InAnyLayer($"{module} {what}", here);
    }

    private Parameter Add(Parameter parameter)
    {
        Contents.Add(parameter);
        return parameter;
    }

    private Weight Tie(string name, long[] shape)
    {
        if (!_tied!.Shape.SequenceEqual(shape))
            throw new InvalidOperationException($"'{name}' can't be tied to '{_tied.Name}': it has another shape.");
        var tied = new TiedWeight(_tied.Tied(name), _tied);
        Contents.Add(tied);
        return tied.Weight;
    }

    private Parameter Parameter(WeightUse use, Weight? stored, Initial initial, long[] shape)
    {
        var parameter = new Parameter(use.Key!, Layer, initial, shape)
        {
            Start = stored is null ? null : stored.CopyTo,
            Deviation = _setup.InitializerRange,
            IsOptional = use.IsOptional || !use.IsTrained,
        };
        if (use.IsTrained)
            return Add(parameter);
        Contents.AddCarried(parameter);
        return parameter;
    }

    private static string Join(string outer, string inner) => outer.Length == 0 ? inner : inner.Length == 0 ? outer : $"{outer}.{inner}";
}
