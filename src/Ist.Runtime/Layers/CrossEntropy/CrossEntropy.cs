using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Layers;
/// <summary>stand-in</summary>
public static unsafe class CrossEntropy
{
    /// <summary/>
    public static void Forward(Run run, Act<One> losses, Act<Vocab> logits)
    {
        for (int r = 0; r < run.Rows; r++)
        {
            int t = run.Batch.Targets[r];
            float* x = logits.Data + (long)r * logits.Width;
            losses.Data[r] = t < 0 ? 0 : (float)(Lse(x, logits.Width) - x[t]);
        }
    }
    /// <summary/>
    public static void Backward(Run run, Act<Vocab> logits, float scale)
    {
        for (int r = 0; r < run.Rows; r++)
        {
            int t = run.Batch.Targets[r];
            float* x = logits.Data + (long)r * logits.Width;
            double lse = Lse(x, logits.Width);
            for (int j = 0; j < logits.Width; j++) x[j] = t < 0 ? 0 : (float)(Math.Exp(x[j] - lse) - (j == t ? 1 : 0)) * scale;
        }
    }
    /// <summary/>
    public static double Sum(Run run, Act<One> losses)
    {
        double sum = 0;
        for (int r = 0; r < run.Rows; r++) sum += losses.Data[r];
        return sum;
    }
    private static double Lse(float* x, int n)
    {
        double max = double.NegativeInfinity, sum = 0;
        for (int j = 0; j < n; j++) max = Math.Max(max, x[j]);
        for (int j = 0; j < n; j++) sum += Math.Exp(x[j] - max);
        return max + Math.Log(sum);
    }
}
