namespace Ist.Runtime.Evaluation;

/// <summary>How often texts of each label were given each label, and the measures of a classifier that follow from it.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[] _counts;

    /// <summary>An empty matrix.</summary>
    /// <param name="labels">How many labels there are; at least 1.</param>
    public ConfusionMatrix(int labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels, 1);
        (Labels, _counts) = (labels, new long[labels * labels]);
    }

    /// <summary>How many labels there are.</summary>
    public int Labels { get; }

    /// <summary>How many texts of a label were given a label.</summary>
    public long this[int label, int predicted] => _counts[label * Labels + predicted];

    /// <summary>The share of texts that were given their label.</summary>
    public Share Accuracy => new(Sum(k => this[k, k]), Sum(Truly));

    /// <summary>
    /// Matthews' correlation, from -1 to 1: (c s - sum of p_k t_k) / sqrt((s^2 - sum of p_k^2) (s^2 - sum of t_k^2)), of s texts c right ones,
    /// p_k that were given the label k and t_k that have it; 0 where the divisor is. With two labels it is
    /// (TP TN - FP FN) / sqrt((TP + FP) (TP + FN) (TN + FP) (TN + FN)). Source: Gorodkin, Computational Biology and Chemistry 28 (2004);
    /// scikit-learn's <c>matthews_corrcoef</c>.
    /// </summary>
    public double Matthews
    {
        get
        {
            double all = Sum(Truly), right = Sum(k => this[k, k]);
            double chance = Sum(k => (double)Given(k) * Truly(k)), given = Sum(k => (double)Given(k) * Given(k)), truly = Sum(k => (double)Truly(k) * Truly(k));
            double divisor = Math.Sqrt(all * all - given) * Math.Sqrt(all * all - truly);
            return divisor == 0 ? 0 : (right * all - chance) / divisor;
        }
    }

    /// <summary>F1 of the label 1, where there are two labels: GLUE's F1.</summary>
    /// <exception cref="InvalidOperationException">There are not two labels.</exception>
    public double BinaryF1 => Labels == 2 ? F1(1) : throw new InvalidOperationException($"Of {Labels} labels none is the positive one.");

    /// <summary>The mean F1 of the labels that some text has or was given, as scikit-learn's <c>f1_score(average="macro")</c>.</summary>
    public double MacroF1
    {
        get
        {
            int[] met = [.. Enumerable.Range(0, Labels).Where(k => Truly(k) + Given(k) > 0)];
            return met.Length == 0 ? 0 : met.Average(F1);
        }
    }

    /// <summary>Counts a text.</summary>
    /// <param name="label">The label that it has.</param>
    /// <param name="predicted">The label that it was given.</param>
    public void Add(int label, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)Labels, nameof(label));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)Labels, nameof(predicted));
        _counts[label * Labels + predicted]++;
    }

    /// <summary>2 TP / (2 TP + FP + FN) of a label; 0 where no text has it or was given it.</summary>
    public double F1(int label)
    {
        long counted = Truly(label) + Given(label);
        return counted == 0 ? 0 : 2.0 * this[label, label] / counted;
    }

    private long Truly(int label) => Enumerable.Range(0, Labels).Sum(k => this[label, k]);

    private long Given(int label) => Enumerable.Range(0, Labels).Sum(k => this[k, label]);

    private long Sum(Func<int, long> of) => Enumerable.Range(0, Labels).Sum(of);

    private double Sum(Func<int, double> of) => Enumerable.Range(0, Labels).Sum(of);
}
