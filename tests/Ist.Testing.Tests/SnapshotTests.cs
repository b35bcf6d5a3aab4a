using Ist.TestSupport;

namespace Ist.Testing.Tests;

public sealed class SnapshotTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "ist-snapshots-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public void A_text_that_is_not_verified_is_received()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1", "snapshots are being accepted");
        Assert.Contains("UPDATE_SNAPSHOTS=1", Assert.Throws<TestingException>(() => Snapshot.Check(_folder, "A", "one\n")).Message, StringComparison.Ordinal);
        File.Move(Path.Combine(_folder, "A.received.cs"), Path.Combine(_folder, "A.verified.cs"));
        Snapshot.Check(_folder, "A", "one\n");
        string difference = Assert.Throws<TestingException>(() => Snapshot.Check(_folder, "A", "two\n")).Message;
        Assert.Contains("-one", difference, StringComparison.Ordinal);
        Assert.Contains("+two", difference, StringComparison.Ordinal);
        Snapshot.Check(_folder, "A", "one\n");
        Assert.False(File.Exists(Path.Combine(_folder, "A.received.cs")));
        Assert.Equal(["A"], Snapshot.Names(_folder));
        Assert.Contains("Nothing was generated for A", Assert.Throws<TestingException>(() => Snapshot.CheckAll(_folder, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Declarations_give_the_code_that_a_build_gives()
    {
        IReadOnlyList<GeneratedFile> files = GeneratedParts.Of([Path.Combine(SharedFolder.Root, "src", "Ist.Models", "Llama", "LlamaMlp.cs")]);
        string snapshots = Path.Combine(SharedFolder.Root, "snapshots", "Llama");
        Assert.Equal(Snapshot.Names(snapshots).Where(n => n.StartsWith("LlamaMlp.", StringComparison.Ordinal)), files.Select(f => f.Name));
        Assert.All(files, f => Assert.Equal(File.ReadAllText(Path.Combine(snapshots, f.Name + ".verified.cs")), f.Text));
    }

    [Fact]
    public void An_error_in_a_declaration_is_named()
    {
        Directory.CreateDirectory(_folder);
        string path = Path.Combine(_folder, "Wrong.cs");
        File.WriteAllText(path, """
            using Ist.Runtime.Declaring;
            using Ist.Runtime.Layers;
            using Ist.Runtime.Tensors;

            [Branch]
            public sealed partial class Wrong
            {
                [Weight("up"), From("Inptu")] public partial Linear<Model, Ffn> Up { get; }
            }
            """);
        string message = Assert.Throws<TestingException>(() => GeneratedParts.Of([path])).Message;
        Assert.Contains("Wrong.cs(8,20): error IST002", message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
