using Ist.Runtime.Sparse;
using Ist.Runtime.TensorBoard;
using Ist.Runtime.Training;

namespace Ist.Runtime.Tests.TensorBoard;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ist-events-").FullName;

    private string Runs => Path.Combine(_folder, "runs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_readers_checksum_is_CRC_32C() => Assert.Equal(0xE3069283, EventReader.Crc32C("123456789"u8));

    [Fact]
    public void Scalars_have_the_names_and_steps_of_a_trainer()
    {
        using (var log = new TensorBoardLog(Runs))
        {
            log.OnBegin(0);
            log.OnEvaluation(0, new EvaluationResult(2.5, 100, Accuracy: .25));
            log.OnStep(Step(1), tokensPerSecond: 1500);
            // A step number of three bytes.
            log.OnProbe(new ProbeEvent(70000, [.5, -.25, 0], [[0], [1], [2]], [1, 2, 3], [.25, .5, .75]));
        }
        Assert.Equal(
        [
            ("eval/loss", 0L, 2.5f), ("eval/accuracy", 0, .25f),
            ("train/loss", 1, 3f), ("train/learning_rate", 1, 1e-3f), ("train/grad_norm", 1, .5f), ("train/tokens_per_second", 1, 1500f),
            ("ist/importance/layer_00", 70000, .5f), ("ist/importance/layer_01", 70000, -.25f), ("ist/importance/layer_02", 70000, 0f), ("ist/reward", 70000, .5f),
        ], EventReader.Scalars(Runs));
        Assert.Matches(@"^events\.out\.tfevents\.\d{10}\.[A-Za-z0-9_-]+\.\d+\.0$", Path.GetFileName(Assert.Single(Directory.GetFiles(Runs))));
    }

    [Fact]
    public void A_run_that_goes_on_takes_back_the_steps_that_it_does_again()
    {
        using (var killed = new TensorBoardLog(Runs))
        {
            killed.OnBegin(0);
            killed.OnEvaluation(0, new EvaluationResult(9, 100));
            for (int step = 1; step <= 7; step++)
                killed.OnStep(Step(step), tokensPerSecond: 1);
        }
        // The newest checkpoint was of step 5.
        using (var resumed = new TensorBoardLog(Runs))
        {
            resumed.OnBegin(5);
            for (int step = 6; step <= 8; step++)
                resumed.OnStep(Step(step), tokensPerSecond: 2);
        }
        Assert.Equal(2, Directory.GetFiles(Runs).Length);
        (string Tag, long Step, float Value)[] speeds = [.. EventReader.Scalars(Runs).Where(s => s.Tag is "train/tokens_per_second" or "eval/loss")];
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8], speeds.Select(s => s.Step));
        Assert.Equal([9, 1, 1, 1, 1, 1, 2, 2, 2], speeds.Select(s => s.Value));
    }

    [Fact]
    public void A_folder_that_cant_be_made_is_named()
    {
        File.WriteAllText(Runs, "in the way");
        using var log = new TensorBoardLog(Runs);
        var fault = Assert.Throws<RunException>(() => log.OnBegin(0));
        Assert.StartsWith(Runs + ": it can't be written: ", fault.Message, StringComparison.Ordinal);
    }

    private static StepResult Step(int step) => new(step, Loss: 3, LearningRate: 1e-3, GradientNorm: .5, Tokens: 10, TrainedTokens: 5, ActiveLayers: 1, BackwardDepth: 1, SavedBytes: 640);
}
