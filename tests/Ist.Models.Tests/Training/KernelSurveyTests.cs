using Ist.Models.Tests.Golden;
using Ist.Runtime;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

/// <summary>What is asked of a GPU before a run begins; no card is needed to ask.</summary>
public sealed class KernelSurveyTests
{
    private static TrainingOptions Options => TrainedLlama.Options;

    public static TheoryData<string, string> Refused => new()
    {
        { "packing", "packing has no kernel for a GPU yet; leave it out, or give --device cpu." },
        { "pack-weights", "pack-weights lays weights out for the processor's kernels; leave it out on a GPU." },
        { "probe first-order", "probe first-order has no kernel for a GPU yet; give forward, or --device cpu." },
        { "state clear", "On a GPU the moments of inactive layers are kept; give --state keep, or --device cpu." },
        { "state free", "On a GPU the moments of inactive layers are kept; give --state keep, or --device cpu." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_has_no_kernel_is_refused_and_the_processor_can_do_it(string asked, string refusal)
    {
        TrainingOptions options = asked switch
        {
            "packing" => Options with { Packing = true },
            "pack-weights" => Options with { PackWeights = true },
            "state clear" => Options with { InactiveMoments = InactiveMoments.Clear },
            "state free" => Options with { InactiveMoments = InactiveMoments.Free },
            _ => Options,
        };
        var ist = new IstOptions { Probe = asked == "probe first-order" ? ProbeKind.FirstOrder : ProbeKind.Forward };
        using IlgpuDevice gpu = IlgpuDevice.Rehearsing();
        using var cpu = new CpuDevice(1);

        Assert.Equal(refusal, Assert.Throws<InputException>(() => Ask(gpu, options, ist)).Message);
        Ask(cpu, options, ist);
    }

    [Fact]
    public void What_has_kernels_is_not()
    {
        using IlgpuDevice gpu = IlgpuDevice.Rehearsing();
        Ask(gpu, Options, new IstOptions());
    }

    private static void Ask(Device device, TrainingOptions options, IstOptions ist)
    {
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath("llama-mha"), _ => TrainedLlama.Lora());
        KernelSurvey.RequireTraining(device, loaded.Model, loaded.Config.Widths, options, new ImportanceSparseTuning(loaded.Model.LayerCount, 3, ist));
    }
}
