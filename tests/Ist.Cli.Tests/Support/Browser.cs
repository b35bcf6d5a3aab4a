using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ist.Cli.Tests.Support;

/// <summary>Chromium without a window, where it is installed.</summary>
internal static class Browser
{
    private static readonly string[] _names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private static readonly string? _path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => _names.Select(name => Path.Combine(folder, name))).Where(File.Exists).FirstOrDefault(Works);

    /// <summary>Opens a page of this machine. Skips the test where there is no browser.</summary>
    /// <returns>The document after its scripts ran, and what was written to the console.</returns>
    public static (string Document, string[] Console) Open(string page)
    {
        if (_path is null)
            Assert.Skip("needs Chromium: apt-get install chromium");
        using var profile = new TemporaryFolder();
        var start = new ProcessStartInfo(_path) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--enable-logging=stderr", $"--user-data-dir={profile.Path}", "--dump-dom", new Uri(page).AbsoluteUri])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Result result = Command.Finish(process);
        Assert.True(result.Code == 0, result.Error);
        return (result.Output, [.. result.Error.Split('\n').Where(line => Regex.IsMatch(line, @":CONSOLE[:(]"))]);
    }

    // Some distributions have a script of its name that only tells how to get the browser.
    private static bool Works(string path)
    {
        using Process process = Process.Start(new ProcessStartInfo(path, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return Command.Finish(process).Code == 0;
    }
}
