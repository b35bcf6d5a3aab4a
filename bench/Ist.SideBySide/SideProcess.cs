using System.Diagnostics;
using System.Globalization;
using Ist.Runtime.Devices;
using Ist.SideBySide.Sides;

namespace Ist.SideBySide;

/// <summary>A side in a process of its own, which computes when it is told and else waits: so its peak memory is its own.</summary>
internal sealed class SideProcess : IDisposable
{
    // OpenMP's threads keep their processor for 200 ms (KMP_BLOCKTIME), OpenBLAS's for less.
    private const int Rest = 300;

    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="name">What the table calls it.</param>
    /// <param name="words">What it is to do.</param>
    /// <param name="environment">Variables that it sees beside those of this process; <c>OPENBLAS_CORETYPE</c> is none of them unless given.</param>
    public SideProcess(string name, IEnumerable<string> words, IReadOnlyDictionary<string, string>? environment = null)
    {
        Name = name;
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(SideProcess).Assembly.Location);
        foreach (string word in words)
            start.ArgumentList.Add(word);
        start.Environment.Remove("OPENBLAS_CORETYPE"); // set on some machines, and it slows libtorch
        foreach ((string variable, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[variable] = value;
        _process = Process.Start(start)!;
    }

    public string Name { get; }

    /// <summary>Seconds of a step, of each turn.</summary>
    public List<double> Turns { get; } = [];

    /// <summary>What <see cref="ISide.Result"/> was after the newest turn.</summary>
    public double Result { get; private set; }

    /// <summary>The most bytes that were resident.</summary>
    public long Peak { get; private set; }

    /// <summary>What the side tells at the end.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>Lets the side do some steps, when the threads of the one before have ceased to wait actively for more.</summary>
    public void Turn(int steps, bool counts)
    {
        Thread.Sleep(Rest);
        _process.StandardInput.WriteLine(steps.ToString(CultureInfo.InvariantCulture));
        string[] answer = (_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The side {Name} ended with code {ExitCode}.")).Split(' ');
        Result = Number(answer[1]);
        if (counts)
            Turns.Add(Number(answer[0]) / steps);
    }

    /// <summary>Ends it.</summary>
    public void End()
    {
        _process.StandardInput.Close();
        Peak = (long)Number(_process.StandardOutput.ReadLine()!);
        Notes = [.. _process.StandardOutput.ReadToEnd().TrimEnd().Split('\n')];
        _process.WaitForExit();
    }

    public void Dispose() => _process.Dispose();

    /// <summary>The other end: what the process does.</summary>
    public static int Serve(ISide serving)
    {
        using ISide side = serving;
        for (int turn = 0; Console.ReadLine() is { } line; turn++)
        {
            if (turn == 1)
                side.BeginMeasuring();
            int steps = int.Parse(line, CultureInfo.InvariantCulture);
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < steps; i++)
                side.Step();
            double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {side.Result}"));
        }
        Console.WriteLine(HostMemory.Peak.ToString(CultureInfo.InvariantCulture));
        foreach (string note in side.Notes)
            Console.WriteLine(note);
        return 0;
    }

    private int ExitCode
    {
        get
        {
            _process.WaitForExit();
            return _process.ExitCode;
        }
    }

    private static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);
}
