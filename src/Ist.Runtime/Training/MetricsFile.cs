using System.Buffers;
using System.Text;
using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Sparse;

namespace Ist.Runtime.Training;

/// <summary>
/// <c>metrics.jsonl</c>: an object for each step (<c>step</c>, counted from 1; <c>loss</c>, before the update;
/// <c>learning_rate</c>; <c>grad_norm</c>, before clipping; <c>tokens</c>, read in the step, padding left out;
/// <c>tokens_per_second</c>; <c>milliseconds</c>; <c>active_layers</c>, the layers that were trained; <c>backward_depth</c>, those that the
/// backward pass went through; <c>saved_bytes</c>, what the plan for these layers keeps for it; and what the policy reports, such as
/// IST's <c>probe</c>) and for each evaluation (<c>step</c>, the steps done; <c>eval_loss</c>; <c>eval_tokens</c>; of a classifier
/// <c>eval_accuracy</c>).
/// </summary>
internal sealed class MetricsFile : IDisposable
{
    private readonly AppendOnlyLines _lines;
    private readonly ArrayBufferWriter<byte> _buffer = new();

    private MetricsFile(AppendOnlyLines lines) => _lines = lines;

    /// <summary>The file of a folder; rows after a step, which a resumed run writes again, are removed.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="stepsDone">Steps already done; 0 begins an empty file.</param>
    public static MetricsFile Open(string folder, int stepsDone)
    {
        string path = Path.Combine(folder, "metrics.jsonl");
        return new MetricsFile(stepsDone == 0
            ? AppendOnlyLines.Create(path)
            : AppendOnlyLines.Resume(path, line => JsonConfig.Parse(Encoding.UTF8.GetBytes(line), path).GetInt("step") > stepsDone));
    }

    /// <summary>Adds the row of a step.</summary>
    public void Add(in StepResult step, TimeSpan time, LayerPlan selected, ISelectionPolicy policy)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("step", step.Step);
            json.WriteNumber("loss", step.Loss);
            json.WriteNumber("learning_rate", step.LearningRate);
            json.WriteNumber("grad_norm", step.GradientNorm);
            json.WriteNumber("tokens", step.Tokens);
            json.WriteNumber("tokens_per_second", Math.Round(step.Tokens / time.TotalSeconds, 1));
            json.WriteNumber("milliseconds", Math.Round(time.TotalMilliseconds, 3));
            json.WriteStartArray("active_layers");
            for (int l = 0; l < selected.Count; l++)
            {
                if (selected.Trains(l))
                    json.WriteNumberValue(l);
            }
            json.WriteEndArray();
            json.WriteNumber("backward_depth", step.BackwardDepth);
            json.WriteNumber("saved_bytes", step.SavedBytes);
            policy.Report(step.Step - 1, json);
            json.WriteEndObject();
        }
        Append();
    }

    /// <summary>Adds the row of an evaluation.</summary>
    public void Add(int stepsDone, EvaluationResult result)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("step", stepsDone);
            json.WriteNumber("eval_loss", result.Loss);
            json.WriteNumber("eval_tokens", result.Tokens);
            if (result.Accuracy is double accuracy)
                json.WriteNumber("eval_accuracy", accuracy);
            json.WriteEndObject();
        }
        Append();
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private void Append() => _lines.Append(Encoding.UTF8.GetString(_buffer.WrittenSpan));
}
