using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>NVIDIA's assembler, a tool of the CUDA toolkit: what a driver makes of PTX at run time, seen without a card.</summary>
internal static partial class Ptxas
{
    /// <summary>Its version, such as 11.8; null where it is not installed.</summary>
    public static string? Version { get; } = FindVersion();

    /// <summary>Assembles one kernel.</summary>
    /// <param name="ptx">The kernel.</param>
    /// <param name="architecture">Such as sm_90.</param>
    public static KernelResources Assemble(string ptx, string architecture)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, ptx);
            (int code, string told) = Run("-v", "-arch=" + architecture, "-o", "/dev/null", path);
            Assert.True(code == 0, told);
            Assert.Single(Registers().Matches(told));
            return new KernelResources(
                Number(Registers().Match(told)), Number(Frame().Match(told)), Number(Stores().Match(told)) + Number(Loads().Match(told)), Number(Shared().Match(told)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static int Number(Match match) => match.Success ? int.Parse(match.Groups[1].ValueSpan) : 0;

    private static string? FindVersion()
    {
        try
        {
            return Release().Match(Run("--version").Told).Groups[1].Value;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static (int Code, string Told) Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ptxas", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string told = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        return (process.ExitCode, told);
    }

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes stack frame")]
    private static partial Regex Frame();

    [GeneratedRegex(@"(\d+) bytes spill stores")]
    private static partial Regex Stores();

    [GeneratedRegex(@"(\d+) bytes spill loads")]
    private static partial Regex Loads();

    [GeneratedRegex(@"(\d+) bytes smem")]
    private static partial Regex Shared();

    [GeneratedRegex(@"release (\d+\.\d+)")]
    private static partial Regex Release();
}
