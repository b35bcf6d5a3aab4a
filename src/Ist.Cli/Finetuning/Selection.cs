using Ist.Runtime;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Cli.Finetuning;

/// <summary>Which layers a step trains, as the command line and the run's file say it; null is what the policy has of its own.</summary>
internal sealed record Selection
{
    /// <summary>The policy.</summary>
    public Sparsity Sparse { get; init; }

    /// <summary>How many layers a step trains.</summary>
    public int? ActiveLayers { get; init; }

    /// <summary>Layers that can be trained, from the top; null for all.</summary>
    public int? Truncate { get; init; }

    /// <summary>Steps between IST's probes, or for which LISA and BAdam hold a choice.</summary>
    public int? Interval { get; init; }

    /// <summary>The layers of <c>fixed</c>.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>In which order BAdam comes to the layers.</summary>
    public BlockOrder BlockOrder { get; init; }

    /// <summary>IST's other constants.</summary>
    public IstOptions Ist { get; init; } = new();

    /// <summary>The other constants of <c>gradient</c>.</summary>
    public GradientSelectionOptions Gradient { get; init; } = new();

    /// <summary>What becomes of the moments of layers that a step leaves out.</summary>
    public InactiveMoments? State { get; init; }

    private IstOptions IstOptions => Ist with { ActiveLayers = ActiveLayers, Truncate = Truncate, Interval = Interval ?? Ist.Interval };

    /// <summary>Makes the policy for a stack of so many layers.</summary>
    /// <exception cref="InputException">The stack has not the layers that it asks for.</exception>
    public ISelectionPolicy PolicyOf(int layers, ulong seed) => Sparse switch
    {
        Sparsity.Ist => new ImportanceSparseTuning(layers, seed, IstOptions),
        Sparsity.IstFlipped => new FlippedSparseTuning(layers, seed, IstOptions),
        Sparsity.Random => new RandomSelection(layers, seed, ActiveLayers, Truncate),
        Sparsity.Lisa => Interval is { } held ? new LisaSelection(layers, seed, ActiveLayers, held) : new LisaSelection(layers, seed, ActiveLayers),
        Sparsity.Badam => Interval is { } steps ? new BlockSelection(layers, seed, steps, BlockOrder) : new BlockSelection(layers, seed, order: BlockOrder),
        Sparsity.Fixed => new FixedLayers(layers, Layers!),
        Sparsity.Gradient => new GradientSelection(layers, seed, Gradient with { ActiveLayers = ActiveLayers }),
        _ => new AllLayers(layers),
    };

    /// <summary>Refuses what can't be had in a model.</summary>
    /// <param name="parameters">What is trained in it.</param>
    /// <exception cref="InputException">The backward pass is to end within the layers, but something below them is trained.</exception>
    public void RequireFits(ParameterSet parameters)
    {
        if (Truncate is not null && parameters.TrainsInput)
            throw new InputException($"truncate is {Truncate}, but the method trains what lies below the layers too, so that the backward pass goes all the way down; leave it out, or train the layers alone.");
    }

    /// <summary>The settings as a run's file has them, with the policy's own numbers filled in.</summary>
    public Dictionary<string, object?> ToConfig(ISelectionPolicy policy)
    {
        IstOptions? ist = (policy as ImportanceSparseTuning)?.Options;
        bool gradient = Sparse == Sparsity.Gradient;
        return new Dictionary<string, object?>
        {
            ["sparse"] = policy.Name,
            // Behind the steps in which every layer is trained.
            ["active_layers"] = Sparse is Sparsity.All or Sparsity.Fixed or Sparsity.Badam ? null : policy.ActiveIn(int.MaxValue),
            ["truncate"] = Truncate,
            ["interval"] = ist?.Interval ?? (Sparse is Sparsity.Lisa or Sparsity.Badam ? policy.HoldSteps : null),
            ["layers"] = Layers?.ToArray(),
            ["block_order"] = Sparse == Sparsity.Badam ? BlockOrder.ToString().ToLowerInvariant() : null,
            ["candidates"] = ist?.Candidates,
            ["suppressed_layers"] = ist?.SuppressedLayers,
            ["suppression"] = ist?.Suppression,
            ["step_size"] = ist?.StepSize,
            ["probe"] = ist is null ? null : ist.Probe == ProbeKind.Forward ? "forward" : "first-order",
            ["probe_rows"] = ist is { Probe: ProbeKind.Forward } ? ist.ProbeRows : null,
            ["draw"] = ist?.Draw.ToString().ToLowerInvariant(),
            ["sparse_warmup_steps"] = ist?.WarmupSteps,
            ["gradient_decay"] = gradient ? Gradient.Decay : null,
            ["exploration"] = gradient ? Gradient.Exploration : null,
            ["state"] = Sparse == Sparsity.All ? null : (State ?? policy.InactiveMoments).ToString().ToLowerInvariant(),
        };
    }
}
