using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models;

/// <summary>A model made from a Hugging Face folder, with a PEFT method in its slots.</summary>
public sealed class LoadedModel : IDisposable
{
    private readonly CheckpointFolder? _folder;

    private LoadedModel(string path, CheckpointFolder? folder, IModelFamily family, ModelConfig config, PeftOptions peft, IModel model)
    {
        Path = path;
        _folder = folder;
        Family = family;
        Config = config;
        Peft = peft;
        Model = model;
    }

    /// <summary>The Hugging Face folder; frozen weights lie in its files until the model is disposed.</summary>
    public string Path { get; }

    /// <summary>The model's architecture.</summary>
    public IModelFamily Family { get; }

    /// <summary>What its configuration says.</summary>
    public ModelConfig Config { get; }

    /// <summary>The settings of the method in its slots.</summary>
    public PeftOptions Peft { get; }

    /// <summary>The most tokens of a text: the model's positions, less those that the method takes.</summary>
    public int MaxTokens => Config.MaxPositions - Peft.VirtualTokens.Count;

    /// <summary>The model. Its parameters have no memory yet.</summary>
    public IModel Model { get; }

    /// <summary>Makes a model with the weights of a checkpoint.</summary>
    /// <param name="path">The Hugging Face folder.</param>
    /// <param name="peft">The method's settings, given the model's family; their type says which method it is.</param>
    /// <param name="random">Whether the weights begin at random and only the configuration is read.</param>
    /// <exception cref="InputException">The folder is not such a one, or something in it is wrong or unsupported.</exception>
    public static LoadedModel Load(string path, Func<IModelFamily, PeftOptions> peft, bool random = false)
    {
        JsonConfig json = CheckpointFolder.ReadConfig(path);
        IModelFamily family = ModelFamilies.Of(json);
        ModelConfig config = family.Read(json);
        PeftOptions options = peft(family).For(config);
        CheckpointFolder? folder = random ? null : CheckpointFolder.Open(path, family.BaseModelPrefix);
        CheckpointWeights? weights = folder is null ? null : new CheckpointWeights(folder, family.MayBeginAnew);
        return Make(path, folder, weights, weights, family, config, options);
    }

    /// <summary>
    /// Makes a model to plan with: its weights are not read, and need not be there. Of a checkpoint that is, the tensors' precisions
    /// count; else the one that its configuration names.
    /// </summary>
    /// <param name="path">The Hugging Face folder, or one with its <c>config.json</c> alone.</param>
    /// <param name="peft">The method's settings, given the model's family; their type says which method it is.</param>
    /// <param name="random">Whether the weights begin at random.</param>
    /// <exception cref="InputException">The folder is not such a one, or something in it is wrong or unsupported.</exception>
    public static LoadedModel Outline(string path, Func<IModelFamily, PeftOptions> peft, bool random = false)
    {
        JsonConfig json = CheckpointFolder.ReadConfig(path);
        IModelFamily family = ModelFamilies.Of(json);
        ModelConfig config = family.Read(json);
        bool isThere = !random && Directory.EnumerateFiles(path, "*.safetensors*").Any();
        CheckpointFolder? folder = isThere ? CheckpointFolder.Open(path, family.BaseModelPrefix) : null;
        CheckpointWeights? weights = folder is null ? null : new CheckpointWeights(folder, family.MayBeginAnew, areRead: false);
        IWeightSource? source = random ? null : (IWeightSource?)weights ?? new WeightShapes(config.DType);
        return Make(path, folder, source, weights, family, config, peft(family).For(config));
    }

    private static LoadedModel Make(
        string path, CheckpointFolder? folder, IWeightSource? source, CheckpointWeights? weights, IModelFamily family, ModelConfig config, PeftOptions options)
    {
        try
        {
            var setup = new ModelSetup(config.Widths, config.Options, config.TiesWeights, config.InitializerRange, source, options);
            IModel model = options.Create(family, new Scope(setup));
            weights?.RequireAllTaken(name => family.IsBuffer(name) || model.Contents.Tied.Any(tied => tied.Weight.Name == name));
            options.Check(model.Contents);
            return new LoadedModel(path, folder, family, config, options, model);
        }
        catch
        {
            folder?.Dispose();
            throw;
        }
    }

    /// <summary>The model as one that continues texts.</summary>
    /// <exception cref="InputException">It is a classifier.</exception>
    public ICausalLm RequireCausalLm() => Model as ICausalLm
        ?? throw new InputException($"{Path}: a model of type '{Family.ModelType}' classifies texts and can't continue one; use a decoder");

    /// <inheritdoc/>
    public void Dispose() => _folder?.Dispose();
}
