using Ist.Models;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.TestSupport;

namespace Ist.Testing.Tests;

public class StoredLogitsTests
{
    private static readonly string _folder = Path.Combine(SharedFolder.Root, "tests", "golden", "llama-mha");

    [Fact]
    public void Logits_of_Hugging_Face_are_met()
    {
        using LoadedModel loaded = LoadedModel.Load(_folder, _ => new NoPeftOptions());
        double worst = StoredLogits.Check(Path.Combine(_folder, "golden.safetensors"), (ICausalLm)loaded.Model, loaded.Config.Widths, logits: "logits64");
        Assert.InRange(worst, 1e-9, 2e-5);
    }

    [Fact]
    public void Others_are_not()
    {
        using LoadedModel loaded = LoadedModel.Load(_folder, _ => new NoPeftOptions());
        string file = Path.Combine(_folder, "golden.safetensors");
        var model = (ICausalLm)loaded.Model;
        Assert.Contains("apart, allowed 1.0E-009", Refused(() => StoredLogits.Check(file, model, loaded.Config.Widths, 1e-9, "logits64")), StringComparison.Ordinal);
        Assert.Contains("it has no tensor 'scores'", Refused(() => StoredLogits.Check(file, model, loaded.Config.Widths, logits: "scores")), StringComparison.Ordinal);
        Assert.Contains("expected [sequences, time, 307]", Refused(() => StoredLogits.Check(file, model, loaded.Config.Widths, logits: "labels")), StringComparison.Ordinal);
    }

    private static string Refused(Action check) => Assert.Throws<TestingException>(check).Message;
}
