using Ist.Runtime.Data;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Devices;

/// <summary>
/// What every call of a forward or backward pass is given: the device, the batch, and where in the run and in the model
/// it stands. One thread drives a run.
/// </summary>
public sealed class Run(Device device, Batch batch)
{
    private Run? _over;
    private int? _rows;
    private bool _bySequence;

    /// <summary>Where the run computes.</summary>
    public Device Device { get; } = device;

    /// <summary>The processor, for kernels that run there. On another device it refuses the first job, by the name of its layer.</summary>
    public CpuDevice Cpu { get; } = device as CpuDevice ?? ((IlgpuDevice)device).Refusal;

    /// <summary>The GPU, for kernels that run there; null where the run computes on the processor.</summary>
    public IlgpuDevice? Gpu { get; } = device as IlgpuDevice;

    /// <summary>The tokens at hand.</summary>
    public Batch Batch { get; set; } = batch;

    /// <summary>Rows in use: sequences x time of the batch, or those of <see cref="Over"/>.</summary>
    public int Rows => _rows ?? Batch.Rows;

    /// <summary>The row of the batch that is the first of this run: 0, but in a <see cref="Tile"/>.</summary>
    public int FirstRow { get; private set; }

    /// <summary>What each row is to predict: the next token's id, or in <see cref="BySequence"/> the sequence's label.</summary>
    public unsafe int* Targets => (_bySequence ? Batch.Classes : Batch.Targets) + FirstRow;

    /// <summary>Targets of the batch that aren't ignored.</summary>
    public int Trained => _bySequence ? Batch.TrainedSequences : Batch.TrainedTokens;

    /// <summary>This run over a row for each sequence of the batch.</summary>
    public Run BySequence
    {
        get
        {
            Run run = Over(Batch.Sequences);
            run._bySequence = true;
            return run;
        }
    }

    /// <summary>True in a training step: dropout is on.</summary>
    public bool Training { get; set; }

    /// <summary>How factors of the base model's products and of attention's are rounded, on a GPU, and for BF16 activations as they are stored: that of the arena.</summary>
    public Precision Precision { get; set; }

    /// <summary>The run's seed, for everything random in a step.</summary>
    public ulong Seed { get; set; }

    /// <summary>The optimizer step, from 0.</summary>
    public int Step { get; set; }

    /// <summary>The micro-batch within the step, from 0.</summary>
    public int MicroBatch { get; set; }

    /// <summary>The layer of the stack at work, or -1 outside.</summary>
    public int Layer { get; private set; } = -1;

    /// <summary>
    /// What the adapters' output of each layer is multiplied by (IST's response suppression); null for 1 everywhere.
    /// </summary>
    public float[]? AdapterScales { get; set; }

    /// <summary>What the adapters' output of the layer at work is multiplied by.</summary>
    public float AdapterScale => AdapterScales is null || Layer < 0 ? 1f : AdapterScales[Layer];

    /// <summary>
    /// What gradients of auxiliary losses are multiplied by: the part that the micro-batch has in the step's trained tokens.
    /// </summary>
    public float AuxiliaryWeight { get; set; } = 1;

    /// <summary>The token ids of the batch.</summary>
    public unsafe Ids Tokens => new(Batch.Tokens);

    /// <summary>
    /// This run over other rows than the batch's tokens, as those that one expert is given. Valid until the next call; nothing
    /// is allocated after the first one.
    /// </summary>
    public Run Over(int rows)
    {
        _over ??= new Run(Device, Batch);
        _over.Batch = Batch;
        _over.Training = Training;
        _over.Precision = Precision;
        _over.Seed = Seed;
        _over.Step = Step;
        _over.MicroBatch = MicroBatch;
        _over.Layer = Layer;
        _over.AdapterScales = AdapterScales;
        _over.AuxiliaryWeight = AuxiliaryWeight;
        _over._rows = rows;
        _over.FirstRow = 0;
        _over._bySequence = false;
        return _over;
    }

    /// <summary>This run over some of its rows, for what computes each row from that row alone. As valid as <see cref="Over"/>.</summary>
    public Run Tile(int first, int rows)
    {
        Run tile = Over(rows);
        tile.FirstRow = FirstRow + first;
        tile._bySequence = _bySequence;
        return tile;
    }

    /// <summary>The work goes on in this layer of the stack.</summary>
    public void Enter(int layer) => Layer = layer;

    /// <summary>The work goes on outside the stack.</summary>
    public void Leave() => Layer = -1;
}
