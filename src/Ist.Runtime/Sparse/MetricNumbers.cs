using System.Text.Json;

namespace Ist.Runtime.Sparse;

/// <summary>Lists of numbers in a row of <c>metrics.jsonl</c>.</summary>
internal static class MetricNumbers
{
    /// <summary>Writes a member that is a list.</summary>
    public static void WriteNumbers(this Utf8JsonWriter metrics, string key, ReadOnlySpan<double> numbers)
    {
        metrics.WriteStartArray(key);
        foreach (double number in numbers)
            metrics.WriteNumberValue(number);
        metrics.WriteEndArray();
    }
}
