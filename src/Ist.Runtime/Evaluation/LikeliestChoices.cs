using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Training;

namespace Ist.Runtime.Evaluation;

/// <summary>Answers by the log-likelihood of the choices. Choices of all rows are batched, the longest first, so that little is padding.</summary>
internal static class LikeliestChoices
{
    /// <summary>Measures accuracy by the sum of ln p (<c>acc</c>), by that over the characters (<c>acc_norm</c>) and over the tokens (<c>acc_tokens</c>).</summary>
    public static TaskResult Measure(Device device, EvaluatedModel model, TaskDefinition task, IReadOnlyList<TaskRow> rows, int sequences, IProgress<double>? progress)
    {
        ChoiceItem[] items = [.. rows.Select(row => ChoiceItem.Of(task, row))];
        var encoder = new ChoiceEncoder(new TokenizerEncoder(model.Tokenizer), model.MaxTokens);
        var data = new DataSet([.. items.SelectMany(item => item.Choices.Select(choice => encoder.Encode(item.Context, task.Separator + choice, item.Row.Place)))]);
        double[] sums = LogLikelihoods(device, model, data, sequences, progress);
        var predictions = new List<TaskPrediction>(items.Length);
        int first = 0, byCharacters = 0, byTokens = 0;
        ConfusionMatrix? matrix = task.Kind == TaskKind.Classification ? new ConfusionMatrix(items.Max(item => item.Choices.Count)) : null;
        foreach (ChoiceItem item in items)
        {
            int from = first;
            ChoiceScore[] choices = [.. item.Choices.Select((choice, i) => new ChoiceScore(choice, Finite(sums[from + i], item), data.Examples[from + i].TrainedTokens))];
            int best = ChoiceScore.Likeliest(choices, choice => choice.LogLikelihood);
            matrix?.Add(item.Answer, best);
            byCharacters += ChoiceScore.Likeliest(choices, choice => choice.PerCharacter) == item.Answer ? 1 : 0;
            byTokens += ChoiceScore.Likeliest(choices, choice => choice.PerToken) == item.Answer ? 1 : 0;
            predictions.Add(new TaskPrediction(item.Row.Number, item.Context, item.Choices[item.Answer], item.Choices[best], best == item.Answer)
            {
                Choices = choices,
                IsTruncated = data.Examples.Skip(from).Take(choices.Length).Any(example => example.IsCut),
            });
            first += choices.Length;
        }
        IEnumerable<TaskMetric> metrics = matrix is not null ? TaskMetric.Of(matrix) :
        [
            TaskMetric.Of("acc", new Share(predictions.Count(p => p.IsRight), items.Length)),
            TaskMetric.Of("acc_norm", new Share(byCharacters, items.Length)),
            TaskMetric.Of("acc_tokens", new Share(byTokens, items.Length)),
        ];
        return new TaskResult([.. metrics], predictions);
    }

    private static double[] LogLikelihoods(Device device, EvaluatedModel model, DataSet data, int sequences, IProgress<double>? progress)
    {
        using var session = new EvaluationSession(device, model.Model, model.Widths, Math.Min(sequences, data.Rows), data.Longest, precision: model.Precision);
        model.Fill(session.Parameters);
        return session.Evaluator.LogLikelihoods(data, progress);
    }

    private static double Finite(double sum, ChoiceItem item) => double.IsFinite(sum) ? sum
        : throw new RunException($"{item.Row.Place}: a log-likelihood is {sum}; the model or its adapter is damaged.");
}
