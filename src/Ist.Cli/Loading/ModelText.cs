using Ist.Models;
using Ist.Runtime;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Generation;
using Ist.Runtime.Tokenizers;
using Ist.Runtime.Training;

namespace Ist.Cli.Loading;

/// <summary>Text in and out of a model, by the tokenizer of its folder.</summary>
internal sealed class ModelText
{
    private readonly Tokenizer _tokenizer;

    /// <summary>Reads the tokenizer.</summary>
    /// <exception cref="InputException">The folder has none, or an unsupported one.</exception>
    public ModelText(string modelFolder)
    {
        _tokenizer = Tokenizer.Load(modelFolder);
        try
        {
            Encoder = new TokenizerEncoder(_tokenizer);
        }
        catch (InputException e)
        {
            throw new InputException($"{modelFolder}: {e.Message}", e);
        }
    }

    /// <summary>The tokenizer as the data needs it.</summary>
    public TokenizerEncoder Encoder { get; }

    /// <summary>A prompt's ids, as a row of training data begins: BOS where the tokenizer adds one, and the text.</summary>
    public IReadOnlyList<int> Prompt(string text)
    {
        List<int> ids = Encoder is { AddsBos: true, BosId: int bos } ? [bos] : [];
        Encoder.Encode(text, ids);
        return ids;
    }

    /// <summary>Continues a prompt; gives the text piece by piece, as it comes.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="loaded">The model; it is laid out anew.</param>
    /// <param name="prompt">The ids to go on from.</param>
    /// <param name="options">How.</param>
    /// <param name="fill">Gives the parameters their values, which else are those that a run of this seed begins with.</param>
    /// <exception cref="InputException">The prompt is empty or longer than the model's positions.</exception>
    public IEnumerable<string> Continue(Device device, LoadedModel loaded, IReadOnlyList<int> prompt, GenerationOptions options, Action<ParameterSet> fill)
    {
        int capacity = TextGenerator.CapacityFor(prompt.Count, options.MaxNewTokens, loaded.MaxTokens);
        using var generator = new TextGenerator(device, loaded.RequireCausalLm(), loaded.Config.Widths, capacity, options.Seed);
        fill(generator.Parameters);
        var stream = new DecodeStream(_tokenizer);
        foreach (int id in generator.Generate(prompt, options with { EosIds = _tokenizer.EosIds }))
            yield return stream.Push(id);
        yield return stream.Flush();
    }
}
