namespace Ist.Runtime.Tests.Layers;

/// <summary>loss = log(sum of e^logits) - logits[target], as it is written; 0 for an ignored target.</summary>
internal static class ReferenceCrossEntropy
{
    public static double[] Forward(double[] logits, int[] targets)
    {
        int width = logits.Length / targets.Length;
        double[] losses = new double[targets.Length];
        for (int row = 0; row < targets.Length; row++)
        {
            if (targets[row] >= 0)
                losses[row] = LogSum(logits, row, width) - logits[row * width + targets[row]];
        }
        return losses;
    }

    public static double[] Backward(double[] logits, int[] targets, double scale)
    {
        int width = logits.Length / targets.Length;
        double[] gradient = new double[logits.Length];
        for (int i = 0; i < logits.Length; i++)
        {
            int target = targets[i / width];
            if (target >= 0)
                gradient[i] = scale * (Math.Exp(logits[i] - LogSum(logits, i / width, width)) - (i % width == target ? 1 : 0));
        }
        return gradient;
    }

    private static double LogSum(double[] logits, int row, int width)
    {
        double sum = 0;
        for (int i = 0; i < width; i++)
            sum += Math.Exp(logits[row * width + i]);
        return Math.Log(sum);
    }
}
