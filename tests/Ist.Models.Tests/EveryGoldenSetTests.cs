using System.Reflection;
using Ist.Models.Tests.Golden;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.TestSupport;

namespace Ist.Models.Tests;

/// <summary>That no stored set is left out: each is one that the tests of numbers run over, or of a method that is refused by name.</summary>
public sealed class EveryGoldenSetTests
{
    private static readonly string[] _unsupported = ["ADALORA", "ADAPTION_PROMPT", "LOHA", "LOKR", "OFT", "P_TUNING"];

    // With tests of their own: PrefixEncoderTests, BiasTests.
    private static readonly string[] _elsewhere = ["llama-mha/peft/prefix_proj", "qwen2/peft/lora_bias_only"];

    [Fact]
    public void Every_checkpoint_is_tested()
    {
        string[] tested = [.. GoldenSet.Checkpoints.Concat(GoldenSet.SharedCheckpoints).Concat(GoldenSet.Classifiers).Select(row => row.Data)];
        IEnumerable<string> stored = Directory.GetDirectories(SharedFolder.Require("golden")).Select(folder => Path.GetFileName(folder)!);
        Assert.Empty(stored.Except(tested));
    }

    [Fact]
    public void Every_adapter_is_tested_or_refused_by_name()
    {
        string[] tested = [.. typeof(PeftGoldenTests).GetProperties(BindingFlags.Static | BindingFlags.Public)
            .Select(property => property.GetValue(null)).OfType<TheoryData<string, string>>().SelectMany(data => data)
            .Select(row => $"{row.Data.Item1}/{(row.Data.Item2.Contains('/') ? "" : "peft/")}{row.Data.Item2}")];
        string root = SharedFolder.Require("golden");
        var refused = new List<string>();
        foreach (string file in Directory.GetFiles(root, AdapterFolder.ConfigFile, SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(root, Path.GetDirectoryName(file)!);
            JsonConfig config = JsonConfig.Load(file);
            if (config.GetStringOrNull("peft_type") is string type && _unsupported.Contains(type))
            {
                InputException fault = Assert.Throws<InputException>(() => PeftTypes.Read(config, out _));
                Assert.StartsWith($"{file}: 'peft_type' is '{type}', which is not supported; supported: ", fault.Message, StringComparison.Ordinal);
                refused.Add(type);
                continue;
            }
            PeftTypes.Read(config, out IReadOnlyList<string> warnings);
            Assert.Empty(warnings);
            Assert.True(tested.Concat(_elsewhere).Contains(name), $"{name} is in no test");
        }
        Assert.Equal(_unsupported, refused.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Copies_in_the_tests_are_the_stored_sets()
    {
        (string root, string copies) = (SharedFolder.Require("golden"), Path.Combine(SharedFolder.Root, "tests", "golden"));
        foreach (string file in Directory.GetFiles(copies, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "README.md"))
        {
            string original = Path.Combine(root, Path.GetRelativePath(copies, file));
            Assert.True(File.ReadAllBytes(original).AsSpan().SequenceEqual(File.ReadAllBytes(file)), file);
        }
    }
}
