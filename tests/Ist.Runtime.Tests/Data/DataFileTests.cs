using System.Text;
using Ist.Runtime.Data;
using Ist.Runtime.Tests.Checkpoints;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Data;

public sealed class DataFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Texts_one_a_line()
    {
        DataFile file = Load("d.jsonl", """
            {"text": "one"}
            {"text": "zwei – \u00e4"}
            """);

        Assert.Equal(DataForm.Text, file.Form);
        Assert.Equal([new DataRow("", "one", 1), new DataRow("", "zwei – ä", 2)], file.Rows);
    }

    [Fact]
    public void Prompts_and_completions_in_either_order_of_keys()
    {
        DataFile file = Load("d.jsonl", """
            {"prompt": "p", "completion": " c"}
            {"completion": "d", "prompt": ""}
            """);

        Assert.Equal(DataForm.PromptCompletion, file.Form);
        Assert.Equal([new DataRow("p", " c", 1), new DataRow("", "d", 2)], file.Rows);
    }

    [Fact]
    public void Alpaca_rows_with_and_without_input_and_an_answer_that_is_not_read()
    {
        DataFile file = Load("d.json", """
            [{"instruction": "Add.", "input": "1 1", "output": "2"},
             {"instruction": "Say hi.", "input": "", "output": "hi", "answer": "hi"},
             {"instruction": "Say ho.", "output": "ho"}]
            """);

        Assert.Equal(DataForm.Alpaca, file.Form);
        Assert.Equal(["2", "hi", "ho"], file.Rows.Select(r => r.Completion));
        Assert.Equal([0, 1, 2], file.Rows.Select(r => r.Number));
        Assert.Equal(
            "Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.\n\n"
            + "### Instruction:\nAdd.\n\n### Input:\n1 1\n\n### Response:",
            file.Rows[0].Prompt);
        Assert.Equal(
            "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nSay hi.\n\n### Response:",
            file.Rows[1].Prompt);
        Assert.EndsWith("\n\n### Instruction:\nSay ho.\n\n### Response:", file.Rows[2].Prompt);
    }

    [Fact]
    public void A_json_file_may_hold_one_object_a_line() =>
        Assert.Equal([new DataRow("", "a", 1), new DataRow("", "b", 2)], Load("d.json", "{\"text\":\"a\"}\n{\"text\":\"b\"}").Rows);

    [Fact]
    public void Byte_order_mark_CRLF_and_blank_lines_are_accepted_and_blank_lines_count()
    {
        DataFile file = Load("d.jsonl", "\uFEFF\r\n{\"text\":\"a\"}\r\n \t\r\n{\"text\":\"b\"}\r\n\r\n");

        Assert.Equal([new DataRow("", "a", 2), new DataRow("", "b", 4)], file.Rows);
        Assert.EndsWith("d.jsonl: line 4", file.Place(file.Rows[1]));
    }

    [Fact]
    public void A_plain_text_is_one_row_with_its_line_ends_unified()
    {
        DataFile file = Load("d.txt", "\uFEFFone\r\n{two}\n\u2028three\rx");

        Assert.Equal(DataForm.PlainText, file.Form);
        Assert.Equal("one\n{two}\n\u2028three\rx", Assert.Single(file.Rows).Completion);
    }

    [Fact]
    public void The_hash_is_XXH3_of_the_bytes()
    {
        // As xxhsum -H2 gives it.
        Assert.Equal("06b05ab6733a618578af5f94892f3950", Load("d.txt", "abc").ContentHash);
        Assert.NotEqual(Load("e.txt", "abd").ContentHash, Load("d.txt", "abc").ContentHash);
    }

    [Theory]
    [InlineData("d.jsonl", "", "the file is empty")]
    [InlineData("d.json", " \r\n ", "the file is empty")]
    [InlineData("d.txt", "\uFEFF", "the file is empty")]
    [InlineData("d.json", "[]", "the array is empty")]
    [InlineData("d.jsonl", "{\"text\":\"a\"}\n\n{\"text\":\"b\" \"c\"}", "line 3, column 13: it isn't valid JSON")]
    [InlineData("d.jsonl", "{\"text\":\"a\"", "line 1, column 12: it isn't valid JSON")]
    [InlineData("d.jsonl", "{\"text\":\"a\",\"text\":\"b\"}", "line 1", "it isn't valid JSON", "text")]
    [InlineData("d.json", "{\n\"text\": \"a\"\n}", "line 1", "a .json file holds an array, or one object a line")]
    [InlineData("d.json", "[{\"text\":\"a\"},\n{\"text\":}]", "line 2, column 9: it isn't valid JSON")]
    [InlineData("d.jsonl", "[{\"text\":\"a\"}]", "line 1: a row must be an object, found an array")]
    [InlineData("d.json", "[{\"text\":\"a\"}, null]", "element [1]: a row must be an object, found null")]
    [InlineData("d.jsonl", "{\"text\":\"a\"}\n\"b\"", "line 2: a row must be an object, found a string")]
    [InlineData("d.jsonl", "{\"question\":\"a\",\"ans\\nwer\":1}", "line 1: no known form has the keys 'question', 'ans\\u000awer'", "{\"text\"}, {\"prompt\", \"completion\"}", "{\"instruction\", \"input\", \"output\"}")]
    [InlineData("d.jsonl", "{}", "line 1: no known form has the keys of an empty object")]
    [InlineData("d.jsonl", "{\"text\":\"a\",\"prompt\":\"b\",\"completion\":\"c\"}", "line 1: no known form has the keys 'text', 'prompt', 'completion'")]
    [InlineData("d.jsonl", "{\"text\":\"a\"}\n{\"prompt\":\"b\",\"completion\":\"c\"}", "line 2: this row has the keys 'prompt', 'completion'", "line 1), which has the form {\"text\"}")]
    [InlineData("d.json", "[{\"prompt\":\"b\",\"completion\":\"c\"},{\"instruction\":\"b\",\"output\":\"c\"}]", "element [1]: this row has the keys 'instruction', 'output'", "element [0]), which has the form {\"prompt\", \"completion\"}")]
    [InlineData("d.jsonl", "{\"messages\":[]}", "line 1: lists of messages ('messages') aren't supported yet")]
    [InlineData("d.jsonl", "{\"text\":7}", "line 1: 'text' must be a string, found a number")]
    [InlineData("d.jsonl", "{\"text\":null}", "line 1: 'text' must be a string, found null")]
    [InlineData("d.jsonl", "{\"prompt\":[\"b\"],\"completion\":\"c\"}", "line 1: 'prompt' must be a string, found an array")]
    [InlineData("d.jsonl", "{\"prompt\":\"b\",\"completion\":true}", "line 1: 'completion' must be a string, found a boolean")]
    [InlineData("d.json", "[{\"instruction\":\"b\",\"input\":{},\"output\":\"c\"}]", "element [0]: 'input' must be a string, found an object")]
    [InlineData("d.json", "[{\"instruction\":\"b\",\"input\":\"\",\"output\":\"\"}]", "element [0]: 'output' is empty, so there is nothing to train on")]
    [InlineData("d.jsonl", "{\"text\":\"a\"}\n{\"text\":\"\"}", "line 2: 'text' is empty")]
    [InlineData("d.jsonl", "{\"prompt\":\"b\",\"completion\":\"\"}", "line 1: 'completion' is empty")]
    [InlineData("d.jsonl", "{\"text\":\"a\"}\n{\"text\":\"\\ud800\"}", "line 2: 'text' has a \\u escape that is half of a surrogate pair")]
    [InlineData("d.jsonl", "{\"text\":\"a\"}\n{\"\\ud800\":\"b\"}", "line 2: a key has a \\u escape")]
    [InlineData("d.json", "[{\"\\ud800\":\"b\"}]", "line 1")]
    [InlineData("d.csv", "text\na", ".csv files aren't supported yet")]
    [InlineData("d.parquet", "PAR1", ".parquet files aren't supported yet")]
    [InlineData("d.yaml", "a", "expected .jsonl, .json or .txt")]
    public void Is_refused(string name, string content, params string[] parts) =>
        Bad.Input(() => Load(name, content), [_folder.File(name), .. parts]);

    [Theory]
    [InlineData("d.jsonl")]
    [InlineData("d.json")]
    [InlineData("d.txt")]
    public void Invalid_UTF8_is_refused_with_its_line_and_column(string name)
    {
        File.WriteAllBytes(_folder.File(name), [.. "{\"text\":\"ä\"}\n{\"text\":\""u8, 0xE4, .. "\"}\n"u8]);

        Bad.Input(() => DataFile.Load(_folder.File(name)), _folder.File(name), "line 2, column 10: byte 0xE4 isn't valid UTF-8");
    }

    [Fact]
    public void UTF16_is_refused()
    {
        File.WriteAllBytes(_folder.File("d.txt"), [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("abc")]);

        Bad.Input(() => DataFile.Load(_folder.File("d.txt")), "line 1, column 1: byte 0xFF isn't valid UTF-8");
    }

    [Fact]
    public void A_missing_file_is_refused() => Bad.Input(() => DataFile.Load(_folder.File("no.jsonl")), _folder.File("no.jsonl"), "there is no such file");

    [Fact]
    public void A_folder_is_refused()
    {
        Directory.CreateDirectory(_folder.File("d.json"));

        Bad.Input(() => DataFile.Load(_folder.File("d.json")), "a file was expected, this is a folder");
    }

    [Fact]
    public void Real_instruction_files_load()
    {
        Assert.Equal(1100, DataFile.Load(SharedFolder.Require("data", "instructions", "instruction-data.json")).Rows.Count);
        DataFile boolq = DataFile.Load(SharedFolder.Require("data", "commonsense", "boolq", "train.json"));
        Assert.Equal(DataForm.Alpaca, boolq.Form);
        Assert.Equal("the correct answer is true", boolq.Rows[0].Completion);
    }

    private DataFile Load(string name, string content) => DataFile.Load(_folder.Write(name, content));
}
