using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;
using OwnModel;

// A model declared in Skiff*.cs learns sentences about boats, byte by byte and from random weights: every weight is trained.
// Then the same declaration with LoRA in its slots, and its weights frozen, learns to write the sentence for a boat's record.
// Run it from the root of the repository: dotnet run --project samples/OwnModel -c Release
const int maxLength = 224;
string data = Path.Combine("samples", "data");
string weights = Path.Combine(Path.GetTempPath(), "skiff.safetensors");
DataFile training = DataFile.Load(Path.Combine(data, "train.jsonl")), heldOut = DataFile.Load(Path.Combine(data, "eval.jsonl"));
using var device = new CpuDevice();

// 1. The language: prompts are trained as well as completions.
DataSet language = Encode(training, trainOnPrompt: true);
var random = new Skiff<Full>(new Scope(SkiffSize.Setup(new FullOptions())));
using (Trainer pretrainer = Train(random, "all weights, from random ones", language, Encode(heldOut, trainOnPrompt: true),
    new TrainingOptions { Steps = 300, BatchSize = 4, MaxLength = language.Longest, LearningRate = 4e-3, Schedule = ScheduleKind.Cosine, WarmupSteps = 20 },
    new AllLayers(random.LayerCount), out _))
{
    pretrainer.Parameters.Save(weights);
}

// 2. The task: completions alone, with adapters that Importance-aware Sparse Tuning trains a layer at a time. Slots are members: one that
// the model lacks does not compile.
ModuleSelector targets = Targets.Of(
    Skiff.Slots.Mix.Query, Skiff.Slots.Mix.Value, Skiff.Slots.Mix.Output, Skiff.Slots.Think.Gate, Skiff.Slots.Think.Up, Skiff.Slots.Think.Down);
var lora = new LoraOptions(new LoraAdapterConfig { R = 8, LoraAlpha = 16, TargetModules = targets }, nameof(OwnModel));
using var file = new SafeTensorsFile(weights);
var adapted = new Skiff<Lora>(new Scope(SkiffSize.Setup(lora, new SavedWeights(file))));
lora.Check(adapted.Contents);
DataSet task = Encode(training, trainOnPrompt: false);
using Trainer finetuner = Train(adapted, "LoRA, a layer in a step", task, Encode(heldOut, trainOnPrompt: false),
    new TrainingOptions { Steps = 200, BatchSize = 4, MaxLength = task.Longest, LearningRate = 1e-2, Schedule = ScheduleKind.Cosine },
    new ImportanceSparseTuning(adapted.LayerCount, seed: 42, new IstOptions()), out bool hasLearnt);
return hasLearnt ? 0 : 1;

DataSet Encode(DataFile file, bool trainOnPrompt) => ExampleEncoder.Encode(file, new ByteEncoder(), new EncodingOptions(maxLength, trainOnPrompt));

Trainer Train(IModel model, string what, DataSet data, DataSet heldOut, TrainingOptions options, ISelectionPolicy policy, out bool hasLearnt)
{
    Console.WriteLine($"{what}: {model.Contents.TrainableCount:N0} parameters are trained");
    var trainer = new Trainer(device, model, SkiffSize.Widths, data, options, policy);
    double before = trainer.Evaluator.Evaluate(heldOut).Loss;
    while (trainer.StepsDone < options.Steps)
    {
        StepResult step = trainer.Step();
        if (step.Step % 50 == 0)
            Console.WriteLine($"  step {step.Step}/{options.Steps}  loss {step.Loss:F3}");
    }
    double after = trainer.Evaluator.Evaluate(heldOut).Loss;
    Console.WriteLine($"  held-out loss {before:F3} -> {after:F3} nats per byte");
    hasLearnt = after < before;
    return trainer;
}
