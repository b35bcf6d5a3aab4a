using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Runtime.Generation;

/// <summary>
/// A model laid out for continuing texts: the prompt passes through it at once, then one token at a time, and a cache keeps
/// the keys and values of what was read.
/// </summary>
public sealed class TextGenerator : IDisposable
{
    private readonly ICausalLm _model;
    private readonly Arena _arena;
    private readonly DeviceWeights _weights;
    private readonly Batch _batch;
    private readonly Run _run;
    private readonly int _capacity;
    private float[] _logits = [];

    /// <summary>Takes the memory. The parameters get their first values; an adapter's are then loaded into <see cref="Parameters"/>.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="model">The model.</param>
    /// <param name="widths">Its widths.</param>
    /// <param name="capacity">Tokens that prompt and continuation may have together; see <see cref="CapacityFor"/>.</param>
    /// <param name="seed">Decides the first values of parameters that begin at random, as a training run of this seed does.</param>
    /// <param name="precision">How factors of the base model's products are rounded, and activations.</param>
    /// <exception cref="InputException">The device has no kernel for a layer, or not the precision.</exception>
    /// <exception cref="RunException">The device has not so much memory.</exception>
    public TextGenerator(Device device, ICausalLm model, Widths widths, int capacity, ulong seed = 42, Precision precision = Precision.F32)
    {
        _model = model;
        _capacity = capacity;
        Parameters = new ParameterSet(model.Contents);
        device.Require(precision);
        KernelSurvey.RequireGeneration(device, model, widths);
        _batch = new Batch(1, capacity, model.Contents.VirtualTokens);
        _arena = Arena.Create(device, Purpose.Generation, widths, sequences: 1, _batch.MaxTime, arena =>
        {
            Parameters.Reserve(arena);
            model.Allocate(arena);
        }, tileRows: 1, precision: precision);
        _weights = new DeviceWeights(device, model.Contents, precision);
        _run = new Run(device, _batch) { Precision = precision };
        Parameters.Initialise(seed);
    }

    /// <summary>The parameters, which are part of the model but not trained here.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>The capacity for a prompt and so many new tokens, within the positions that the model has.</summary>
    /// <exception cref="InputException">The prompt is empty, or leaves no position for a new token.</exception>
    public static int CapacityFor(int promptTokens, int maxNewTokens, int maxPositions)
    {
        RequireFits(promptTokens, maxPositions);
        return (int)Math.Min(maxPositions, (long)promptTokens + maxNewTokens);
    }

    /// <summary>
    /// The new tokens, as they come. It ends behind a token of <see cref="GenerationOptions.EosIds"/>, which is given too, after
    /// <see cref="GenerationOptions.MaxNewTokens"/>, or when the capacity is used up.
    /// </summary>
    /// <param name="prompt">The ids to go on from.</param>
    /// <param name="options">How.</param>
    /// <exception cref="InputException">The prompt is empty or too long, or an option means nothing.</exception>
    /// <exception cref="RunException">The logits are not numbers.</exception>
    public IEnumerable<int> Generate(IReadOnlyList<int> prompt, GenerationOptions options)
    {
        RequireFits(prompt.Count, _capacity);
        return Continue([.. prompt], new TokenSampler(options), options);
    }

    /// <summary>Gives the memory back; the model can't be used until it is laid out anew.</summary>
    public void Dispose()
    {
        _batch.Dispose();
        _weights.Dispose();
        _arena.Dispose();
    }

    private static void RequireFits(int promptTokens, int positions)
    {
        if (promptTokens == 0)
            throw new InputException("The prompt has no tokens; give at least a word.");
        if (promptTokens >= positions)
            throw new InputException($"The prompt has {promptTokens} tokens, but there are {positions} positions for it and what follows; shorten it.");
    }

    private IEnumerable<int> Continue(int[] read, TokenSampler sampler, GenerationOptions options)
    {
        int past = 0;
        var text = new List<int>(read);
        for (int index = 0; index < options.MaxNewTokens && text.Count < _capacity; index++)
        {
            int token = Next(read, past, sampler, index);
            yield return token;
            if (options.EosIds.Contains(token))
                yield break;
            text.Add(token);
            past += _batch.Time;
            read = [token];
            if (_batch.VirtualTokens.Prefix + past == _model.Contents.RereadsBeyond)
                (past, read) = (0, [.. text]);
        }
    }

    private int Next(int[] read, int past, TokenSampler sampler, int index)
    {
        WorkProfile? profile = _run.Device.Profile;
        profile?.BeginStep(past == 0 ? StepPhase.Prompt : StepPhase.Token);
        Span<float> logits = Read(read, past);
        profile?.Begin(StepPhase.Sampling);
        int token = sampler.Choose(logits, index);
        profile?.Begin(StepPhase.Between);
        return token;
    }

    /// <summary>Passes tokens through the model; gives the logits behind the last one.</summary>
    private unsafe Span<float> Read(int[] tokens, int past)
    {
        _batch.Fill(tokens, past);
        _model.Forward(_run);
        Act<Own> logits = _model.ForwardTile(_run.Tile(_batch.Rows - 1, rows: 1));
        if (_run.Device.IsHost)
            return logits.Row(0);
        if (_logits.Length != logits.Width)
            _logits = new float[logits.Width];
        _run.Device.Download(logits.Data, _logits);
        return _logits;
    }
}
