using Ist.Reports.Charts;
using Ist.Reports.Runs;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports.Pages;

/// <summary>Numbers that change from step to step: losses, learning rate, the gradient's norm.</summary>
internal static class Curves
{
    /// <summary>Points of a line, beyond which neighbours are drawn as one.</summary>
    public const int MostPoints = 600;

    private const int MostRows = 24;

    /// <summary>The losses of training and of held-out data.</summary>
    public static IEnumerable<string> Losses(RunData run)
    {
        (double, double)[] losses = [.. run.Steps.Select(step => ((double)step.Step, step.Loss))];
        int window = losses.Length / 40;
        (double, double)[] evaluations = [.. run.Evaluations.Select(e => ((double)e.Step, e.Loss))];
        var chart = new LineChart("loss", "Loss over steps", "step", "loss (nats)",
        [
            window < 2 ? new Series("training", "first", losses) : new Series("training, step by step", "faint", Thinned(losses, MostPoints)),
            new Series($"training, mean of {window} steps", "first", window < 2 ? [] : Thinned(losses, losses.Length / window)),
            new Series("held out", "second", evaluations, HasMarks: true),
        ])
        { IsOfLoss = true, Height = 320 };
        yield return chart.ToSvg();
        yield return chart.ToLegend();
        if (run.Evaluations.Count == 0)
            yield return HtmlPage.Paragraph("The run has no held-out data.");
        bool classifies = run.Evaluations.Any(e => e.Accuracy is not null);
        if (classifies)
        {
            var accuracy = new LineChart("accuracy", "Accuracy on held-out data over steps", "step", "accuracy",
                new Series("accuracy", "second", [.. run.Evaluations.Where(e => e.Accuracy is not null).Select(e => ((double)e.Step, e.Accuracy!.Value))], HasMarks: true))
            { Height = 220 };
            yield return accuracy.ToSvg();
        }
        if (run.Evaluations.Count > 0)
        {
            yield return HtmlPage.Folded("Held-out numbers", HtmlPage.Table(
                classifies ? ["step", "loss", "accuracy"] : ["step", "loss", "perplexity"],
                run.Evaluations.Select(e => (string[])[Count(e.Step), Number(e.Loss), e.Accuracy is double share ? Percent(share) : Number(Math.Exp(e.Loss))])));
        }
        yield return HtmlPage.Folded("Training numbers", HtmlPage.Table(["step", "loss", "learning rate", "gradient norm", "tokens/s", "layers trained"],
            Some(run.Steps, MostRows).Select(s => (string[])[Count(s.Step), Number(s.Loss), Number(s.LearningRate), Number(s.GradientNorm), Count((long)s.TokensPerSecond), Count(s.ActiveLayers.Count)])));
    }

    /// <summary>The learning rate and the gradient's norm.</summary>
    public static IEnumerable<string> Optimization(RunData run)
    {
        yield return new LineChart("learning-rate", "Learning rate over steps", "step", "learning rate",
            new Series("learning rate", "first", Thinned([.. run.Steps.Select(s => ((double)s.Step, s.LearningRate))], MostPoints)))
        { Height = 200 }.ToSvg();
        yield return new LineChart("gradient-norm", "Norm of the gradient before clipping, over steps", "step", "gradient norm",
            new Series("gradient norm", "third", Thinned([.. run.Steps.Select(s => ((double)s.Step, s.GradientNorm))], MostPoints)))
        { Height = 200 }.ToSvg();
    }

    /// <summary>At most so many points, each the mean of neighbours.</summary>
    public static IReadOnlyList<(double X, double Y)> Thinned(IReadOnlyList<(double X, double Y)> points, int most)
    {
        int each = (points.Count + most - 1) / Math.Max(1, most);
        return each <= 1 ? points : [.. points.Chunk(each).Select(chunk => (chunk.Average(p => p.X), chunk.Average(p => p.Y)))];
    }

    /// <summary>At most so many of some rows, the first and the last among them.</summary>
    public static IEnumerable<T> Some<T>(IReadOnlyList<T> rows, int most) => rows.Count <= most ? rows
        : Enumerable.Range(0, most).Select(i => rows[(int)((long)i * (rows.Count - 1) / (most - 1))]);
}
