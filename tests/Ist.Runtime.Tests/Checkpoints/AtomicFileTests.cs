using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tests.Checkpoints;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_replaced_and_nothing_else_is_left()
    {
        string path = _folder.Write("x.json", "old and longer");
        AtomicFile.WriteAllText(path, "größer");
        Assert.Equal("größer"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_left_over_temporary_file_is_no_obstacle()
    {
        _folder.Write("x.json.tmp", "half");
        AtomicFile.WriteAllText(_folder.File("x.json"), "new");
        Assert.Equal([_folder.File("x.json")], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_full_disk_leaves_the_old_file_and_names_the_cause()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        string path = _folder.Write("x.json", "old");
        Bad.Run(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            // The system's own error for a full disk, at the place where it would arise.
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write("more"u8);
        }), path, "the disk is full");
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_fault_of_the_caller_passes_and_leaves_the_old_file()
    {
        string path = _folder.Write("x.json", "old");
        Assert.Throws<NotSupportedException>(() => AtomicFile.Write(path, _ => throw new NotSupportedException()));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Folders_in_the_way_and_missing_folders_are_named()
    {
        Directory.CreateDirectory(_folder.File("x.json"));
        Bad.Run(() => AtomicFile.WriteAllText(_folder.File("x.json"), "new"), _folder.File("x.json"), "a folder of this name");
        Bad.Run(() => AtomicFile.WriteAllText(_folder.File("no/x.json"), "new"), "its folder doesn't exist");
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Preparing_creates_the_output_folder_and_leaves_it_empty()
    {
        OutputFolder.Prepare(_folder.File("a/b"));
        OutputFolder.Prepare(_folder.File("a/b"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("a/b")));
    }

    [Fact]
    public void Output_folders_that_cannot_be_written_to_are_refused()
    {
        string file = _folder.Write("file", "");
        Bad.Input(() => OutputFolder.Prepare(file), file, "a file of this name is in the way");
        Bad.Input(() => OutputFolder.Prepare(Path.Combine(file, "below")), "below", "can't be written to");
        // Not even root creates files there.
        Assert.SkipUnless(Directory.Exists("/proc/self"), "needs /proc");
        Bad.Input(() => OutputFolder.Prepare("/proc/self"), "/proc/self: this output folder can't be written to");
    }
}
