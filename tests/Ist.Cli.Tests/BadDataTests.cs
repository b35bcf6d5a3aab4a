using System.Text;
using Ist.Cli.Tests.Support;
using Ist.Runtime.Checkpoints;

namespace Ist.Cli.Tests;

/// <summary>Data, batches and outputs that are wrong: one line that names file and place, and no file half-written.</summary>
public sealed class BadDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public BadDataTests() => _model = TinyModel.Create(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("d.jsonl", "", "the file is empty; give at least one row")]
    [InlineData("d.json", "[]", "the array is empty; give at least one row")]
    [InlineData("d.jsonl", "{\"text\": \"a\"}\n{\"text\": \"b\",}", "line 2, column")]
    [InlineData("d.jsonl", "{\"text\": \"a\"}\n\n{\"txt\": \"b\"}", "line 3")]
    [InlineData("d.jsonl", "{\"text\": 5}", "line 1: 'text' must be a string")]
    [InlineData("d.jsonl", "{\"prompt\": \"a\", \"completion\": \"\"}", "line 1: 'completion' is empty")]
    [InlineData("d.json", "[{\"text\": \"a\"}, 7]", "element [1]: a row must be an object")]
    [InlineData("d.csv", "a,b", ".csv files aren't supported yet")]
    [InlineData("d.parquet", "x", ".parquet files aren't supported yet")]
    [InlineData("d.dat", "x", "expected .jsonl, .json or .txt")]
    public void Wrong_data(string name, string text, string expected) => AssertRefused(_folder.Write(name, text), _folder[name], expected);

    [Fact]
    public void Invalid_utf8_names_the_line() =>
        AssertRefused(_folder.Write("d.jsonl", [.. Encoding.ASCII.GetBytes("{\"text\": \"a\"}\n{\"text\": \""), 0xC3, 0x28, .. "\"}"u8]), _folder["d.jsonl"], "line 2", "UTF-8");

    [Fact]
    public void Data_that_is_missing() => AssertRefused(_folder["none.jsonl"], _folder["none.jsonl"], "there is no such file");

    [Fact]
    public void A_row_without_a_trained_token_names_its_line()
    {
        string data = _folder.Write("d.jsonl", TinyModel.Rows(1) + $$"""{"prompt": "{{new string('x', 200)}}", "completion": "y"}""");
        AssertRefused(data, data, "line 2: no token is left to train", "max_length is 128");
    }

    [Fact]
    public void Wrong_held_out_data()
    {
        string data = _folder.Write("d.jsonl", TinyModel.Rows(3)), empty = _folder.Write("e.jsonl", "");
        Finetune(data, "--eval-data", empty).Failed(2, empty, "the file is empty");
    }

    [Fact]
    public void Too_few_rows_to_hold_any_out() =>
        Finetune(_folder.Write("d.jsonl", TinyModel.Rows(1)), "--eval-fraction", "0.5").Failed(2, "eval_fraction", "too few to hold one out");

    [Fact]
    public void An_output_below_a_file()
    {
        string file = _folder.Write("file", "");
        Command.Run("finetune", "--model", _model, "--data", _folder.Write("d.jsonl", TinyModel.Rows(3)), "--output", Path.Combine(file, "run"))
            .Failed(2, Path.Combine(file, "run"), "can't be written to");
    }

    [Fact]
    public void An_output_that_is_a_file()
    {
        string file = _folder.Write("file", "");
        Command.Run("finetune", "--model", _model, "--data", _folder.Write("d.jsonl", TinyModel.Rows(3)), "--output", file).Failed(2, file, "a file of this name is in the way");
    }

    [Fact]
    public void A_full_disk_at_the_end_of_a_run()
    {
        // What is written goes to a temporary name first; a link makes the full device of that.
        Directory.CreateDirectory(_folder["run"]);
        LinkToFullDevice(_folder["run", "adapter_model.safetensors.tmp"]);

        Finetune(_folder.Write("d.jsonl", TinyModel.Rows(3)), "--steps", "1").Failed(1, _folder["run", "adapter_model.safetensors"], "the disk is full", "free some space");

        Assert.False(File.Exists(_folder["run", "adapter_model.safetensors"]));
    }

    [Fact]
    public void A_full_disk_under_a_trace()
    {
        LinkToFullDevice(_folder["out.tmp"]);

        Trace(TinyModel.Golden("llama-mha", "golden.safetensors")).Failed(1, _folder["out"], "the disk is full");

        Assert.False(File.Exists(_folder["out"]));
    }

    [Fact]
    public void A_trace_into_a_folder_that_is_missing() => Command.Run(
        "trace", "--model", _model, "--input", TinyModel.Golden("llama-mha", "golden.safetensors"), "--output", _folder["no", "out"]).Failed(2, _folder["no", "out"], "doesn't exist; create it first");

    [Fact]
    public void A_trace_over_a_folder() => Command.Run(
        "trace", "--model", _model, "--input", TinyModel.Golden("llama-mha", "golden.safetensors"), "--output", _folder.Path).Failed(2, "a folder of this name is in the way");

    [Fact]
    public void A_batch_without_labels() => Trace(Batch([1, 2], [1, 1], null)).Failed(2, _folder["in"], "tensor 'labels' is missing");

    [Theory]
    [InlineData(new long[] { 1, 307 }, new long[] { 1, 1 }, new long[] { 1, 2 }, "input_ids [0, 1]: 307 is outside the vocabulary")]
    [InlineData(new long[] { 1, -1 }, new long[] { 1, 1 }, new long[] { 1, 2 }, "input_ids [0, 1]: -1 is outside the vocabulary")]
    [InlineData(new long[] { 1, 2 }, new long[] { 1, 1 }, new long[] { 1, -7 }, "labels [0, 1]: -7 is outside the vocabulary")]
    [InlineData(new long[] { 1, 2 }, new long[] { 1, 2 }, new long[] { 1, 2 }, "attention_mask [0, 1]: 0 or 1 was expected, found 2")]
    [InlineData(new long[] { 1, 2, 3 }, new long[] { 1, 0, 1 }, new long[] { 1, 2, 3 }, "attention_mask [0, 1]: a 0 between ones")]
    [InlineData(new long[] { 1, 2 }, new long[] { 0, 0 }, new long[] { 1, 2 }, "attention_mask [0]: the row has no real token")]
    [InlineData(new long[] { 1, 2 }, new long[] { 1, 1 }, new long[] { -100, -100 }, "'labels' are all -100")]
    [InlineData(new long[] { 1, 2 }, new long[] { 1, 1 }, new long[] { 1, 2, 3 }, "'labels' has shape [1, 3], but 'input_ids' has [1, 2]")]
    public void A_wrong_batch(long[] ids, long[] mask, long[] labels, string expected)
    {
        Trace(Batch(ids, mask, labels)).Failed(2, _folder["in"], expected);
        Assert.False(File.Exists(_folder["out"]));
    }

    [Fact]
    public void A_batch_longer_than_the_model_s_positions()
    {
        long[] ones = [.. Enumerable.Repeat(1L, 129)];
        Trace(Batch(ones, ones, ones)).Failed(2, "'input_ids' has shape [1, 129]", "128 tokens");
    }

    [Fact]
    public void A_batch_of_another_dtype()
    {
        var writer = new SafeTensorsWriter();
        foreach (string name in (string[])["input_ids", "attention_mask", "labels"])
            writer.Add<int>(name, [1, 2], new[] { 1, 1 });
        writer.Save(_folder["in"]);
        Trace(_folder["in"]).Failed(2, "'input_ids' is I32 [1, 2]; expected I64 [batch, time]");
    }

    private Result Trace(string input) => Command.Run("trace", "--model", _model, "--input", input, "--output", _folder["out"]);

    private string Batch(long[] ids, long[] mask, long[]? labels)
    {
        var writer = new SafeTensorsWriter();
        writer.Add<long>("input_ids", [1, ids.Length], ids);
        writer.Add<long>("attention_mask", [1, mask.Length], mask);
        if (labels is not null)
            writer.Add<long>("labels", [1, labels.Length], labels);
        writer.Save(_folder["in"]);
        return _folder["in"];
    }

    private Result Finetune(string data, params string[] more) =>
        Command.Run(["finetune", "--model", _model, "--data", data, "--output", _folder["run"], .. more]);

    private void AssertRefused(string data, params string[] parts)
    {
        Finetune(data).Failed(2, parts);
        Assert.False(Directory.Exists(_folder["run"]));
        Command.Run("evaluate", "--model", _model, "--data", data).Failed(2, parts);
    }

    private static void LinkToFullDevice(string path)
    {
        if (!File.Exists("/dev/full"))
            Assert.Skip("needs /dev/full, which Linux has");
        File.CreateSymbolicLink(path, "/dev/full");
    }
}
