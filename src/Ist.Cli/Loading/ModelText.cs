using Ist.Models;
using Ist.Runtime;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Generation;
using Ist.Runtime.Models;
using Ist.Runtime.Tokenizers;
using Ist.Runtime.Training;

namespace Ist.Cli.Loading;

/// <summary>Text in and out of a model, by the tokenizer of its folder.</summary>
internal sealed class ModelText
{
    private readonly LoadedModel _loaded;
    private readonly Tokenizer _tokenizer;
    private readonly TokenizerEncoder? _encoder;

    /// <summary>Reads the tokenizer.</summary>
    /// <exception cref="InputException">The folder has none, or an unsupported one.</exception>
    public ModelText(LoadedModel loaded)
    {
        _loaded = loaded;
        _tokenizer = Tokenizer.Load(loaded.Path);
        try
        {
            _encoder = loaded.Model is ISequenceClassifier ? null : new TokenizerEncoder(_tokenizer);
        }
        catch (InputException e)
        {
            throw new InputException($"{loaded.Path}: {e.Message}", e);
        }
    }

    /// <summary>The rows of a file as the model learns them.</summary>
    /// <exception cref="InputException">A row is wrong, or the rows are not of a form that the model can learn.</exception>
    public DataSet Encode(DataFile file, EncodingOptions options) => _encoder is null
        ? LabelledEncoder.Encode(file, _tokenizer, _loaded.Config.LabelNames, options.MaxLength)
        : ExampleEncoder.Encode(file, _encoder, options);

    /// <summary>A prompt's ids, as a row of training data begins: BOS where the tokenizer adds one, and the text.</summary>
    public IReadOnlyList<int> Prompt(string text)
    {
        _loaded.RequireCausalLm();
        return _encoder!.EncodePrompt(text);
    }

    /// <summary>A prompt's ids by the tokenizer of a folder, for what is read before there is a model.</summary>
    /// <exception cref="InputException">The folder has no tokenizer, or an unsupported one.</exception>
    public static IReadOnlyList<int> Prompt(string modelFolder, string text) => new TokenizerEncoder(Tokenizer.Load(modelFolder)).EncodePrompt(text);

    /// <summary>Continues a prompt, with the model laid out anew; gives the text piece by piece, as it comes.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="prompt">The ids to go on from.</param>
    /// <param name="options">How.</param>
    /// <param name="precision">How factors of the base model's products are rounded, and activations.</param>
    /// <param name="fill">Gives the parameters their values, which else are those that a run of this seed begins with.</param>
    /// <exception cref="InputException">The prompt is empty or longer than the model's positions.</exception>
    public IEnumerable<string> Continue(Device device, IReadOnlyList<int> prompt, GenerationOptions options, Precision precision, Action<ParameterSet> fill)
    {
        int capacity = TextGenerator.CapacityFor(prompt.Count, options.MaxNewTokens, _loaded.MaxTokens);
        using var generator = new TextGenerator(device, _loaded.RequireCausalLm(), _loaded.Config.Widths, capacity, options.Seed, precision);
        fill(generator.Parameters);
        var stream = new DecodeStream(_tokenizer);
        foreach (int id in generator.Generate(prompt, options with { EosIds = _tokenizer.EosIds }))
            yield return stream.Push(id);
        yield return stream.Flush();
    }
}
