using System.Runtime.InteropServices;
namespace Ist.Runtime.Data;
/// <summary>stand-in</summary>
public sealed unsafe class Batch : IDisposable
{
    /// <summary/>
    public Batch(int maxSequences, int maxTime)
    {
        int* N(int n) => (int*)NativeMemory.AlignedAlloc((nuint)(n * 4), 64);
        int rows = maxSequences * maxTime;
        Tokens = N(rows); Targets = N(rows); Positions = N(rows); Start = N(maxSequences); End = N(maxSequences);
    }
    /// <summary/>
    public int Sequences { get; set; }
    /// <summary/>
    public int Time { get; set; }
    /// <summary/>
    public int Rows => Sequences * Time;
    /// <summary/>
    public int* Tokens { get; }
    /// <summary/>
    public int* Targets { get; }
    /// <summary/>
    public int* Positions { get; }
    /// <summary/>
    public int* Start { get; }
    /// <summary/>
    public int* End { get; }
    /// <summary/>
    public int TrainedTokens { get; set; }
    /// <summary/>
    public int RealTokens { get; set; }
    /// <summary/>
    public int Past { get; set; }
    /// <summary/>
    public void Fill(IReadOnlyList<Example> examples, ReadOnlySpan<int> indices)
    {
        Sequences = indices.Length; Time = 0; Past = 0; RealTokens = 0; TrainedTokens = 0;
        foreach (int i in indices) Time = Math.Max(Time, examples[i].Tokens.Length);
        for (int b = 0; b < Sequences; b++)
        {
            Example e = examples[indices[b]];
            Start[b] = 0; End[b] = e.Tokens.Length; RealTokens += e.Tokens.Length; TrainedTokens += e.TrainedTokens;
            for (int t = 0; t < Time; t++)
            {
                bool real = t < e.Tokens.Length;
                Tokens[b * Time + t] = real ? e.Tokens[t] : 0;
                Positions[b * Time + t] = real ? t : 0;
                Targets[b * Time + t] = t + 1 < e.Tokens.Length ? e.Labels[t + 1] : -100;
            }
        }
    }
    /// <summary/>
    public void Fill(ReadOnlySpan<int> tokens, int past)
    {
        Sequences = 1; Time = tokens.Length; Past = past; RealTokens = Time; TrainedTokens = 0;
        Start[0] = 0; End[0] = Time;
        for (int t = 0; t < Time; t++) { Tokens[t] = tokens[t]; Positions[t] = past + t; Targets[t] = -100; }
    }
    /// <summary/>
    public void Dispose() { NativeMemory.AlignedFree(Tokens); NativeMemory.AlignedFree(Targets); NativeMemory.AlignedFree(Positions); NativeMemory.AlignedFree(Start); NativeMemory.AlignedFree(End); }
}
