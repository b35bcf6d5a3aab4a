using System.Globalization;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Evaluation;

/// <summary>A row with its choices.</summary>
/// <param name="Row">The row.</param>
/// <param name="Context">What stands before the separator and a choice.</param>
/// <param name="Choices">The choices.</param>
/// <param name="Answer">Which of them is right, from 0.</param>
internal sealed record ChoiceItem(TaskRow Row, string Context, IReadOnlyList<string> Choices, int Answer)
{
    /// <summary>Makes it from a row.</summary>
    /// <exception cref="InputException">The row lacks a field, or its answer is none of its choices; names its place.</exception>
    public static ChoiceItem Of(TaskDefinition task, TaskRow row)
    {
        IReadOnlyList<string> all = task.ChoicesField is null ? [.. task.Choices.Select(choice => choice.Fill(row))] : row.Texts(task.ChoicesField);
        string? list = task.ListedIn is null ? null : row.Text(task.ListedIn);
        int[] offered = [.. Enumerable.Range(0, all.Count).Where(i => list is null || list.Contains(all[i], StringComparison.Ordinal))];
        int answer = Array.IndexOf(offered, Number(row, row.Text(task.Answer), task.Labels.Count > 0 ? task.Labels : all));
        if (answer < 0)
            throw new InputException($"{row.Place}: the answer {OneLine.Quote(row.Text(task.Answer))} is not among the choices that {OneLine.Quote(task.ListedIn!)} lists: {OneLine.List(offered.Select(i => all[i]))}");
        return new ChoiceItem(row, task.Prompt!.Fill(row) + task.LeadIn, [.. offered.Select(i => all[i])], answer);
    }

    /// <summary>Which of some names an answer is: its text, or else its number from 0.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static int Number(TaskRow row, string answer, IReadOnlyList<string> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == answer)
                return i;
        }
        return int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < names.Count ? number : throw new InputException(
            $"{row.Place}: the answer {OneLine.Quote(answer)} is none of the choices{NearestName.Hint(answer, names)}; expected {OneLine.List(names)}, or a number from 0 to {names.Count - 1}");
    }
}
