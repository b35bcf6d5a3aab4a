using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.TestSupport;

namespace Ist.Models.Tests.Golden;

/// <summary>Numbers that Hugging Face computed: a folder's golden.safetensors and golden.json.</summary>
internal sealed class GoldenSet : IDisposable
{
    private readonly SafeTensorsFile _file;
    private readonly JsonDocument _facts;

    public GoldenSet(string folder)
    {
        Folder = folder;
        _file = new SafeTensorsFile(Path.Combine(folder, "golden.safetensors"));
        _facts = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "golden.json")));
    }

    public string Folder { get; }

    /// <summary>The decoders in tests/golden; every family is tested by all that can be asked of any.</summary>
    public static TheoryData<string> Checkpoints =>
    [
        "llama-mha", "llama-gqa-tied-rope3", "mistral", "mistral-swa", "qwen2", "qwen3", "gemma", "gemma2", "phi3", "gpt2", "gptj", "gptneox", "gptneox-seq",
        "bloom", "opt", "mixtral",
    ];

    /// <summary>Decoders whose numbers lie in the shared folder alone.</summary>
    public static TheoryData<string> SharedCheckpoints => ["stories260K"];

    /// <summary>The classifiers in tests/golden.</summary>
    public static TheoryData<string> Classifiers => ["bert-cls", "roberta-cls"];

    /// <summary>
    /// The set of a checkpoint in tests/golden, or of an adapter of it: of peft's by its name, of AdapterHub's as <c>adapters/NAME</c>. One that
    /// is not there is read from the shared folder; the test is skipped where that is absent.
    /// </summary>
    public static GoldenSet Open(string checkpoint, string? adapter = null)
    {
        string[] inner = adapter is null ? [] : adapter.Contains('/') ? adapter.Split('/') : ["peft", adapter];
        string folder = Path.Combine([SharedFolder.Root, "tests", "golden", checkpoint, .. inner]);
        return new GoldenSet(Directory.Exists(folder) ? folder : SharedFolder.Require(["golden", checkpoint, .. inner]));
    }

    /// <summary>A checkpoint's folder: in tests/golden, or else among the shared models; a path stays what it is.</summary>
    public static string CheckpointPath(string checkpoint) =>
        Path.Combine(SharedFolder.Root, "tests", "golden", checkpoint) is var folder && Directory.Exists(folder) ? folder : SharedFolder.Require("models", checkpoint);

    public IEnumerable<string> Names => _file.Tensors.Keys;

    public bool Has(string name) => _file.Tensors.ContainsKey(name);

    /// <summary>
    /// A tensor's name among the numbers, which has parts in PyTorch that it lacks in a file: a suffix of DoRA's magnitude, and a level
    /// of a copy of a whole module. Virtual tokens have another name altogether.
    /// </summary>
    public string NameOf(string key)
    {
        IEnumerable<string> copied = Enumerable.Range(0, key.Length).Where(i => key[i] == '.').Select(i => key.Insert(i, ".modules_to_save"));
        return new[] { key, key + ".weight" }.Concat(copied).Append("prompt_encoder.embedding.weight").First(name => Has("grad." + name));
    }

    /// <summary>
    /// How far an entry of a gradient may be from the stored one. A key's bias shifts all scores of a row alike, so its true gradient is zero;
    /// what is left is rounding of the weight's.
    /// </summary>
    public double AllowedGradient(string name)
    {
        string scale = NearZeroGradients.Contains(name["grad.".Length..]) ? name.Replace(".bias", ".weight", StringComparison.Ordinal) : name;
        return Tolerance.Gradient * Doubles(scale).Max(Math.Abs);
    }

    /// <summary>Copies the F32 values of a tensor.</summary>
    public void CopyTo(string name, Span<float> values) => _file.CopyTo(_file.Tensors[name], values);

    public double[] Doubles(string name)
    {
        TensorEntry entry = _file.Tensors[name];
        double[] values = new double[entry.Count];
        if (entry.DType == DType.F64)
        {
            _file.CopyTo(entry, values);
            return values;
        }
        float[] floats = new float[entry.Count];
        _file.CopyTo(entry, floats);
        return Array.ConvertAll(floats, f => (double)f);
    }

    public long[] Longs(string name)
    {
        long[] values = new long[_file.Tensors[name].Count];
        _file.CopyTo(_file.Tensors[name], values);
        return values;
    }

    public long[] Shape(string name) => [.. _file.Tensors[name].Shape];

    /// <summary>How far PyTorch's own F32 was from F64: <c>errors.NAME.abs</c>.</summary>
    public double Error(string name, string kind = "abs")
    {
        JsonElement error = _facts.RootElement.GetProperty("errors").GetProperty(name);
        return error.ValueKind == JsonValueKind.Object ? error.GetProperty(kind).GetDouble() : error.GetDouble();
    }

    /// <summary>Tensors whose true gradient is zero, which AdamW turns from rounding noise into whole steps.</summary>
    public IReadOnlySet<string> NearZeroGradients => _facts.RootElement.TryGetProperty("near_zero_gradients", out JsonElement list)
        ? list.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : e[0].GetString()!).ToHashSet()
        : new HashSet<string>();

    /// <summary>The stored batch with every row moved to the end, so that it is padded on the left.</summary>
    public Batch LeftPaddedBatch(ModelUnderTest model)
    {
        (int sequences, int time) = ((int)Shape("input_ids")[0], (int)Shape("input_ids")[1]);
        long[] mask = Longs("attention_mask");
        long[][] moved = [Longs("input_ids"), mask, Longs("labels")];
        long[] padding = [0, 0, Runtime.Data.Batch.Ignored];
        for (int b = 0; b < sequences; b++)
        {
            int length = (int)mask.AsSpan(b * time, time).ToArray().Sum();
            for (int i = 2; i >= 0; i--)
            {
                Span<long> row = moved[i].AsSpan(b * time, time);
                row[..length].ToArray().CopyTo(row[(time - length)..]);
                row[..(time - length)].Fill(padding[i]);
            }
        }
        var batch = new Batch(sequences, time);
        batch.Fill(moved[0], moved[1], moved[2], sequences, time, model.Vocab);
        return batch;
    }

    /// <summary>The stored texts, all in one row.</summary>
    public Batch PackedBatch(ModelUnderTest model)
    {
        int time = (int)Shape("input_ids")[1];
        long[] ids = Longs("input_ids"), mask = Longs("attention_mask"), labels = Longs("labels");
        var texts = new DataSet([.. Enumerable.Range(0, ids.Length / time).Select(b => new Example(Real(ids, b), Real(labels, b)))]);
        int length = (int)texts.Tokens;
        var batch = new Batch(1, length);
        batch.Fill(texts.Examples, PackedRows.Of(texts, length, prompt: 0, seed: 1), [0]);
        return batch;

        int[] Real(long[] values, int b) =>
            [.. Enumerable.Range(b * time, time).Where(i => mask[i] == 1).Select(i => (int)values[i])];
    }

    /// <summary>The stored batch; <paramref name="prefix"/> is <c>left.</c> for the left-padded one.</summary>
    public Batch Batch(Widths widths, string prefix = "", VirtualTokens virtualTokens = default)
    {
        long[] shape = Shape(prefix + "input_ids");
        int vocabSize = widths.Of<Vocab>();
        var batch = new Batch((int)shape[0], (int)shape[1], virtualTokens);
        if (Shape(prefix + "labels").Length == 1)
        {
            long[] types = Has(prefix + "token_type_ids") ? Longs(prefix + "token_type_ids") : [];
            batch.FillClassified(Longs(prefix + "input_ids"), Longs(prefix + "attention_mask"), types, Longs(prefix + "labels"), (int)shape[1], vocabSize, widths.Of<Labels>());
            return batch;
        }
        batch.Fill(Longs(prefix + "input_ids"), Longs(prefix + "attention_mask"), Longs(prefix + "labels"), (int)shape[0], (int)shape[1], vocabSize);
        return batch;
    }

    public void Dispose()
    {
        _file.Dispose();
        _facts.Dispose();
    }
}
