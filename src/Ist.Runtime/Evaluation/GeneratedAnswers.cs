using System.Text;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Generation;
using Ist.Runtime.Models;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Evaluation;

/// <summary>
/// Answers that stand in a generated text. The likeliest token is taken always (LLM-Adapters searches with 4 beams), and a prompt that
/// leaves too few positions for the new tokens loses its beginning.
/// </summary>
internal static class GeneratedAnswers
{
    /// <summary>Measures the share of right answers (<c>exact_match</c>).</summary>
    public static TaskResult Measure(Device device, EvaluatedModel model, TaskDefinition task, IReadOnlyList<TaskRow> rows, IProgress<double>? progress)
    {
        int room = model.MaxTokens - task.MaxNewTokens;
        if (room < 1)
            throw new InputException($"task {task.Name}: max_new_tokens is {task.MaxNewTokens}, but the model has {model.MaxTokens} positions for the prompt and them; lower it");
        string[] prompts = [.. rows.Select(task.Prompt!.Fill)];
        var encoder = new TokenizerEncoder(model.Tokenizer);
        int[][] ids = [.. prompts.Select((prompt, i) => Encode(encoder, prompt, rows[i]))];
        int longest = Math.Min(ids.Max(prompt => prompt.Length), room);
        using var generator = new TextGenerator(device, (ICausalLm)model.Model, model.Widths, longest + task.MaxNewTokens, precision: model.Precision);
        model.Fill(generator.Parameters);
        var options = new GenerationOptions { MaxNewTokens = task.MaxNewTokens, EosIds = model.Tokenizer.EosIds };
        var predictions = new List<TaskPrediction>(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            bool isTruncated = ids[i].Length > room;
            string output = Text(model.Tokenizer, generator.Generate(isTruncated ? ids[i][^room..] : ids[i], options), task.Until);
            string answer = rows[i].Text(task.Answer), predicted = task.Extraction!.Extract(output);
            predictions.Add(new TaskPrediction(rows[i].Number, prompts[i], answer, predicted, task.Extraction.IsRight(predicted, RightOne(task, rows[i], answer)))
            {
                Output = output,
                IsTruncated = isTruncated,
            });
            progress?.Report((double)(i + 1) / rows.Count);
        }
        return new TaskResult([TaskMetric.Of("exact_match", new Share(predictions.Count(p => p.IsRight), rows.Count))], predictions);
    }

    private static string RightOne(TaskDefinition task, TaskRow row, string answer) =>
        task.Extraction!.Comparison == AnswerComparison.Text || AnswerExtraction.Number(answer) is not null ? answer
            : throw new InputException($"{row.Place}: the answer {answer} is no number, but the task compares numbers; correct it, or set compare: text");

    private static int[] Encode(TokenizerEncoder encoder, string prompt, TaskRow row) =>
        encoder.EncodePrompt(prompt) is { Count: > 0 } ids ? [.. ids] : throw new InputException($"{row.Place}: the prompt is empty, so there is nothing to go on from; fill it in");

    // What follows the end changes nothing, so it is not generated.
    private static string Text(Tokenizer tokenizer, IEnumerable<int> tokens, string? until)
    {
        var (stream, text) = (new DecodeStream(tokenizer), new StringBuilder());
        foreach (int token in tokens)
        {
            text.Append(stream.Push(token));
            if (until is not null && text.ToString().Contains(until, StringComparison.Ordinal))
                break;
        }
        text.Append(stream.Flush());
        string whole = text.ToString();
        int end = until is null ? -1 : whole.IndexOf(until, StringComparison.Ordinal);
        return end < 0 ? whole : whole[..end];
    }
}
