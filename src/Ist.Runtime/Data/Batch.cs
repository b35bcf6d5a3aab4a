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
    public void Dispose() { NativeMemory.AlignedFree(Tokens); NativeMemory.AlignedFree(Targets); NativeMemory.AlignedFree(Positions); NativeMemory.AlignedFree(Start); NativeMemory.AlignedFree(End); }
}
