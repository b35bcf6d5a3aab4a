using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tests.Checkpoints;

public sealed class AppendOnlyLinesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Metrics => _folder.File("metrics.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_in_the_file_as_soon_as_they_are_appended()
    {
        _folder.Write("metrics.jsonl", "of an older run\n");
        using var lines = AppendOnlyLines.Create(Metrics);
        lines.Append("one");
        lines.Append("zwölf");
        Assert.Equal("one\nzwölf\n", Read());
        Assert.Throws<ArgumentException>(() => lines.Append("two\nlines"));
    }

    [Theory]
    [InlineData("1\n2\n3", "1\n2\n")] // killed while it wrote
    [InlineData("1\n2\n3\n", "1\n2\n3\n")]
    [InlineData("1\n2\n3\n4\n5\n2\n", "1\n2\n3\n")] // from the first of those after step 3
    [InlineData("9\n", "")]
    [InlineData("1", "")]
    [InlineData("", "")]
    public void Resuming_keeps_whole_lines_up_to_the_step(string before, string kept)
    {
        _folder.Write("metrics.jsonl", before);
        using (var lines = AppendOnlyLines.Resume(Metrics, line => int.Parse(line) > 3))
            lines.Append("4");
        Assert.Equal(kept + "4\n", Read());
    }

    [Fact]
    public void Resuming_without_a_file_begins_one()
    {
        using (var lines = AppendOnlyLines.Resume(Metrics, _ => true))
            lines.Append("1");
        Assert.Equal("1\n", Read());
    }

    [Fact]
    public void Faults_name_the_file_and_the_cause()
    {
        Bad.Run(() => AppendOnlyLines.Create(_folder.Path), _folder.Path, "a folder of this name");
        Bad.Run(() => AppendOnlyLines.Create(_folder.File("no/metrics.jsonl")), "its folder doesn't exist");
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        using var lines = AppendOnlyLines.Create("/dev/full");
        Bad.Run(() => lines.Append("1"), "/dev/full", "the disk is full");
    }

    private string Read()
    {
        using var stream = new FileStream(Metrics, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(stream).ReadToEnd();
    }
}
