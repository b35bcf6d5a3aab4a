using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tests.Checkpoints;

public class PythonJsonTests
{
    /// <summary>Each pair was printed by Python 3's <c>json.dumps(value, indent=2, sort_keys=True)</c>.</summary>
    public static TheoryData<object?, string> Pairs => new()
    {
        { null, "null" },
        { true, "true" },
        { 3, "3" },
        { -5000000000L, "-5000000000" },
        { 0.0, "0.0" },
        { -0.0, "-0.0" },
        { 0.1, "0.1" },
        { 16.0, "16.0" },
        { 0.0001, "0.0001" },
        { 0.00001, "1e-05" },
        { 1.5e-7, "1.5e-07" },
        { 1e15, "1000000000000000.0" },
        { 1e16, "1e+16" },
        { -1.5e16, "-1.5e+16" },
        { 1e17, "1e+17" },
        { 1.25e300, "1.25e+300" },
        { "a\"\\/\b\f\n\r\t\u0001\u007fé\ud83d\ude00<'+", "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\\u00e9\\ud83d\\ude00<'+\"" },
        { Array.Empty<object>(), "[]" },
        { new Dictionary<string, object?>(), "{}" },
        {
            new Dictionary<string, object?> { ["b"] = new object?[] { 1, null }, ["B"] = new Dictionary<string, object?> { ["x"] = 0.5 } },
            "{\n  \"B\": {\n    \"x\": 0.5\n  },\n  \"b\": [\n    1,\n    null\n  ]\n}"
        },
    };

    [Theory]
    [MemberData(nameof(Pairs), DisableDiscoveryEnumeration = true)]
    public void Text_is_pythons(object? value, string expected) => Assert.Equal(expected, PythonJson.Dumps(value));

    [Fact]
    public void What_json_cannot_hold_is_refused()
    {
        Assert.Throws<ArgumentException>(() => PythonJson.Dumps(double.NaN));
        Assert.Throws<ArgumentException>(() => PythonJson.Dumps(DateTime.UnixEpoch));
    }
}
