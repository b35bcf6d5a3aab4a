using System.Text;
using System.Text.Json;
using CsCheck;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tests.Checkpoints;

public class JsonConfigTests
{
    private static readonly JsonConfig _config = Parse("""
        {"hidden_size": 48, "eps": 1e-05, "theta": 10000, "tied": false, "type": "llama", "head_dim": null,
         "eos": [2, 3], "bos": 1, "names": ["a", "b"], "big": 3000000000, "rope_scaling": {"factor": "8"}, "none": []}
        """);

    [Fact]
    public void Values_are_read()
    {
        Assert.Equal(48, _config.GetInt("hidden_size"));
        Assert.Equal(1e-05, _config.GetDouble("eps"));
        Assert.Equal(1e-05f, _config.GetFloat("eps"));
        Assert.Equal(10000, _config.GetFloat("theta"));
        Assert.False(_config.GetBool("tied"));
        Assert.Equal("llama", _config.GetString("type"));
        Assert.Equal([2, 3], _config.GetIntOrList("eos"));
        Assert.Equal([1], _config.GetIntOrList("bos"));
        Assert.Equal(["a", "b"], _config.GetStringOrList("names"));
        Assert.Equal(["llama"], _config.GetStringOrList("type"));
        Assert.Equal(["factor"], _config.GetObject("rope_scaling").Keys);
        Assert.Equal(JsonValueKind.Null, _config.Kind("head_dim"));
        Assert.True(_config.IsEmptyList("none") && !_config.IsEmptyList("eos") && !_config.IsEmptyList("missing"));
    }

    [Fact]
    public void Missing_and_null_keys_give_the_fallback()
    {
        Assert.Equal(7, _config.GetInt("head_dim", 7));
        Assert.Equal(7, _config.GetInt("missing", 7));
        Assert.Equal(0.5, _config.GetDouble("missing", 0.5));
        Assert.Equal(0.5f, _config.GetFloat("missing", 0.5f));
        Assert.True(_config.GetBool("missing", true));
        Assert.Equal("x", _config.GetString("missing", "x"));
        Assert.Null(_config.GetStringOrNull("missing"));
        Assert.Null(_config.GetObjectOrNull("head_dim"));
        Assert.Empty(_config.GetIntOrList("missing"));
        Assert.Empty(_config.GetStringOrList("head_dim"));
        Assert.False(_config.Has("head_dim"));
    }

    [Fact]
    public void Wrong_kinds_name_file_key_what_is_there_and_what_was_expected()
    {
        Bad.Input(() => _config.GetInt("type"), "c.json: 'type'", "the string 'llama'", "expected an integer");
        Bad.Input(() => _config.GetInt("type", 3), "'type'", "expected an integer");
        Bad.Input(() => _config.GetInt("eps"), "'eps'", "the number 1e-05", "expected an integer");
        Bad.Input(() => _config.GetInt("big"), "'big'", "3000000000", "32 bits");
        Bad.Input(() => _config.GetInt("head_dim"), "'head_dim'", "null");
        Bad.Input(() => JsonConfig.Parse("{\"theta\": 1e39}"u8, "c.json").GetFloat("theta"), "c.json: 'theta'", "1e39", "F32");
        Bad.Input(() => _config.GetDouble("tied"), "'tied'", "false", "expected a number");
        Bad.Input(() => _config.GetBool("eos"), "'eos'", "a list", "expected true or false");
        Bad.Input(() => _config.GetString("rope_scaling"), "'rope_scaling'", "an object", "expected a string");
        Bad.Input(() => _config.GetObject("bos"), "'bos'", "the number 1", "expected an object");
        Bad.Input(() => _config.GetIntOrList("names"), "'names'", "'a'", "expected an integer");
        Bad.Input(() => _config.GetStringOrList("eos"), "'eos'", "the number 2", "expected a string");
        Bad.Input(() => _config.GetObject("rope_scaling").GetFloat("factor"), "'rope_scaling.factor'", "'8'", "expected a number");
        Bad.Input(() => _config.GetInt("hiden_size"), "'hiden_size' is missing", "did you mean 'hidden_size'?");
    }

    [Theory]
    [InlineData("{\n  \"a\": 1,\n  \"b\" 2\n}", "line 3, column 7")]
    [InlineData("{\"a\": NaN}", "line 1, column 7")]
    [InlineData("{\"a\": 1}}", "line 1, column 9")]
    [InlineData("", "line 1, column 1")]
    [InlineData("[1]", "a list, expected an object")]
    [InlineData("{\"a\": 1, \"a\": 2}", "'a'")]
    [InlineData("{\n\"a\": \"\\ud800\"}", "line 2, column 6", "UTF-8")]
    public void Bad_json_names_its_place(string json, params string[] parts) => Bad.Input(() => Parse(json), ["c.json", .. parts]);

    [Fact]
    public void Bytes_that_are_no_utf8_name_their_place()
    {
        Bad.Input(() => JsonConfig.Parse(Encoding.Latin1.GetBytes("{\n \"a\": \"\u00e4\"}"), "c.json"), "c.json", "line 2, column 7", "UTF-8");
        Assert.Equal(1, JsonConfig.Parse([0xef, 0xbb, 0xbf, .. "{\"a\": 1}"u8], "c.json").GetInt("a"));
    }

    [Fact]
    public void Any_bytes_parse_or_are_refused_and_nothing_else() =>
        Gen.OneOf(Gen.Byte, Gen.Char["{}[]\",:\\u0d8tfn1e\n"].Select(c => (byte)c)).Array[0, 30].Sample(bytes =>
        {
            try
            {
                JsonConfig config = JsonConfig.Parse([(byte)'{', .. bytes, (byte)'}'], "c.json");
                Assert.All(config.Keys, k => config.Kind(k));
            }
            catch (InputException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }, iter: 5000, threads: 1);

    private static JsonConfig Parse(string json) => JsonConfig.Parse(Encoding.UTF8.GetBytes(json), "c.json");
}
