using System.Diagnostics;
using Ist.Cli.Tests.Support;

namespace Ist.Cli.Tests;

/// <summary>The command as a process: exit codes, streams, and what signals leave.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _data;

    public ProcessTests()
    {
        _model = TinyModel.Create(_folder);
        _data = _folder.Write("rows.jsonl", TinyModel.Rows(60));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Exit_codes_and_streams()
    {
        Command.RunProcess("finetune", "--rnk", "8").Failed(2, "unknown option '--rnk'");
        Result version = Command.RunProcess("--version");
        Assert.Equal((0, ""), (version.Code, version.Error));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void A_signal_saves_a_checkpoint_that_resumes_to_the_same_adapter(string signal)
    {
        RequireUnix();
        if (signal == "INT" && IgnoresInterrupts())
            Assert.Skip("needs SIGINT, which this process was started to ignore, as shells start what they run in the background");
        string[] options = ["--steps", "400", "--sparse", "ist", "--dropout", "0.1"];
        Finetune("whole", options);

        using Process process = Start("cut", options);
        WaitForStep("cut", 20);
        Kill(process, signal);
        Result stopped = Command.Finish(process);

        Assert.Equal(1, stopped.Code);
        Assert.Contains("stopping after this step", stopped.Error, StringComparison.Ordinal);
        Assert.Contains("the same command with --resume goes on from there", stopped.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["cut", "adapter_model.safetensors"]));
        Assert.Single(Directory.GetDirectories(_folder["cut"], "checkpoint-*"));
        Finetune("cut", [.. options, "--resume"]);
        AssertSame("whole", "cut", "adapter_model.safetensors");
        AssertSame("whole", "cut", "ist_state.json");
    }

    [Fact]
    public void A_killed_run_resumes_to_the_same_adapter()
    {
        RequireUnix();
        string[] options = ["--steps", "400", "--sparse", "ist", "--save-every", "7"];
        Finetune("whole", options);

        using Process process = Start("cut", options);
        WaitForStep("cut", 30);
        process.Kill();
        process.WaitForExit();

        Assert.False(File.Exists(_folder["cut", "adapter_model.safetensors"]));
        Finetune("cut", [.. options, "--resume"]);
        AssertSame("whole", "cut", "adapter_model.safetensors");
        AssertSame("whole", "cut", "ist_state.json");
    }

    private void Finetune(string output, params string[] options) =>
        Command.Run(["finetune", "--model", _model, "--data", _data, "--output", _folder[output], .. options]).Succeeded();

    private Process Start(string output, params string[] options) =>
        Command.Start(["finetune", "--model", _model, "--data", _data, "--output", _folder[output], .. options]);

    private void WaitForStep(string output, int step)
    {
        var limit = Stopwatch.StartNew();
        while (!File.Exists(_folder[output, "metrics.jsonl"]) || ReadLines(_folder[output, "metrics.jsonl"]) < step)
        {
            Assert.True(limit.Elapsed < TimeSpan.FromMinutes(1), $"the run never came to step {step}");
            Thread.Sleep(5);
        }
    }

    private static int ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Count(c => c == '\n');
    }

    private static void Kill(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private void AssertSame(string one, string other, string file) =>
        Assert.Equal(File.ReadAllBytes(_folder[one, file]), File.ReadAllBytes(_folder[other, file]));

    private static void RequireUnix()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("needs signals, which Windows has not");
    }

    // What ignores a signal hands that on to the processes that it starts.
    private static bool IgnoresInterrupts()
    {
        const ulong interrupt = 1UL << (2 - 1);
        string? ignored = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) : null;
        return ignored is not null && (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & interrupt) != 0;
    }
}
