using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Tokenizers;
using Ist.Runtime.Training;

namespace Ist.Runtime.Evaluation;

/// <summary>Answers of a model that gives each text one of its labels. Texts that are too long lose their end.</summary>
internal static class ClassifierAnswers
{
    /// <summary>Measures accuracy, Matthews' correlation and F1.</summary>
    public static TaskResult Measure(Device device, EvaluatedModel model, TaskDefinition task, IReadOnlyList<TaskRow> rows, int sequences, IProgress<double>? progress)
    {
        var data = new DataSet([.. rows.Select(row => Encode(model, task, row))]);
        int[] predicted = Predict(device, model, data, sequences, progress);
        var matrix = new ConfusionMatrix(model.LabelNames.Count);
        var predictions = new List<TaskPrediction>(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            (TaskRow row, int label) = (rows[i], data.Examples[i].Class);
            matrix.Add(label, predicted[i]);
            predictions.Add(new TaskPrediction(
                row.Number, string.Join('\n', task.Texts.Select(row.Text)), model.LabelNames[label], model.LabelNames[predicted[i]], label == predicted[i])
            { IsTruncated = data.Examples[i].IsCut });
        }
        return new TaskResult([.. TaskMetric.Of(matrix)], predictions);
    }

    private static Example Encode(EvaluatedModel model, TaskDefinition task, TaskRow row)
    {
        string answer = row.Text(task.Answer);
        int label = ChoiceItem.Number(row, answer, task.Labels.Count > 0 ? task.Labels : model.LabelNames);
        if (label >= model.LabelNames.Count)
            throw new InputException($"{row.Place}: the answer is the label {label}, but the model has {model.LabelNames.Count}; use a model that was made for this task");
        EncodedText text = model.Tokenizer.Encode(row.Text(task.Texts[0]), task.Texts.Count == 1 ? null : row.Text(task.Texts[1]), model.MaxTokens);
        return new Example(text.Ids, label, text.TokenTypes, text.IsCut);
    }

    private static int[] Predict(Device device, EvaluatedModel model, DataSet data, int sequences, IProgress<double>? progress)
    {
        using var session = new EvaluationSession(device, model.Model, model.Widths, Math.Min(sequences, data.Rows), data.Longest, precision: model.Precision);
        model.Fill(session.Parameters);
        return session.Evaluator.Classify(data, progress);
    }
}
