using Ist.Models.Tests.Golden;
using Ist.Runtime;
using Ist.Runtime.Devices;
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
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_has_no_kernel_is_refused_and_the_processor_can_do_it(string asked, string refusal)
    {
        TrainingOptions options = asked == "packing" ? Options with { Packing = true } : Options with { PackWeights = true };
        using IlgpuDevice gpu = IlgpuDevice.Rehearsing();
        using var cpu = new CpuDevice(1);

        Assert.Equal(refusal, Assert.Throws<InputException>(() => Ask(gpu, options)).Message);
        Ask(cpu, options);
    }

    [Fact]
    public void What_has_kernels_is_not()
    {
        using IlgpuDevice gpu = IlgpuDevice.Rehearsing();
        Ask(gpu, Options);
    }

    private static void Ask(Device device, TrainingOptions options)
    {
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath("llama-mha"), _ => TrainedLlama.Lora());
        KernelSurvey.RequireTraining(device, loaded.Model, loaded.Config.Widths, options);
    }
}
