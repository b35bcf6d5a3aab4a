using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Devices;

public sealed unsafe class WorkProfileTests
{
    [Theory]
    [InlineData(8, 8, 8)]
    [InlineData(600, 16, 300)]
    [InlineData(300, 320, 300)]
    public void A_product_counts_its_operations_once_whichever_way_it_goes(int m, int n, int k)
    {
        using var cpu = new CpuDevice(2) { Profile = new WorkProfile() };
        Multiply(cpu, m, n, k);

        Assert.All(cpu.Profile.Jobs, jobs => Assert.Equal(new ProfiledProduct(WorkKind.Adapters, m, n, k), jobs.Product));
        Assert.Equal(2.0 * m * n * k, cpu.Profile.Jobs.Sum(jobs => jobs.Operations));
    }

    [Fact]
    public void Jobs_are_told_apart_by_phase_and_the_table_names_them()
    {
        using var cpu = new CpuDevice(1);
        WorkProfile profile = cpu.Profile = new WorkProfile();
        profile.BeginStep();
        profile.Begin(StepPhase.Forward);
        Multiply(cpu, 12, 16, 20);
        profile.Begin(StepPhase.Backward);
        Multiply(cpu, 12, 16, 20);
        Multiply(cpu, 12, 16, 20);
        profile.Begin(StepPhase.Between);
        using var output = new StringWriter();
        ProfileTable.Write(profile, output);

        Assert.Equal([(StepPhase.Forward, 1L), (StepPhase.Backward, 2L)], profile.Jobs.Select(jobs => (jobs.Phase, jobs.Count)).Order());
        Assert.Contains("MatrixProduct, backward", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("adapters 12 x 16 x 20, forward", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, profile.Steps);
        Assert.True(profile.TimeOfSteps >= profile.TimeOf(StepPhase.Forward) + profile.TimeOf(StepPhase.Backward));
    }

    [Fact]
    public void Batches_of_different_lengths_count_as_one()
    {
        using var cpu = new CpuDevice(1);
        WorkProfile profile = cpu.Profile = new WorkProfile();
        foreach (int rows in (int[])[56, 40])
        {
            profile.Read(rows);
            Multiply(cpu, rows, 16, 20);
        }

        Assert.Equal(new ProfiledProduct(WorkKind.Adapters, 0, 16, 20), Assert.Single(profile.Jobs).Product);
        Assert.Equal(2.0 * (56 + 40) * 16 * 20, profile.Jobs.Single().Operations);
    }

    private static void Multiply(CpuDevice cpu, int m, int n, int k)
    {
        float* a = (float*)cpu.Allocate((long)m * k * sizeof(float)), b = (float*)cpu.Allocate((long)k * n * sizeof(float)), c = (float*)cpu.Allocate((long)m * n * sizeof(float));
        MatrixProduct.Multiply(cpu, Into.Set, 1, c, n, m, n, k, MatrixOperand.Transposed(a, m), MatrixOperand.Plain(b, n), WorkKind.Adapters);
        cpu.Free(a);
        cpu.Free(b);
        cpu.Free(c);
    }
}
