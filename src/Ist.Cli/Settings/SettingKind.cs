using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ist.Cli.Settings;

/// <summary>Makes kinds of settings.</summary>
internal static class SettingKind
{
    /// <summary>Text that is not empty; a file may give it as a number, which is then its digits.</summary>
    public static SettingKind<string> Text(string expected) => Text(expected, least: 1);

    /// <summary>Text of any content, also none.</summary>
    public static SettingKind<string> AnyText(string expected) => Text(expected, least: 0);

    private static SettingKind<string> Text(string expected, int least) => new(expected, isSwitch: false, (SettingValue given, [MaybeNullWhen(false)] out string value) =>
    {
        value = given.Texts.Count == 1 ? given.Texts[0] : "";
        return !given.IsList && given.Kind != ScalarKind.Boolean && value.Length >= least;
    });

    /// <summary>A whole number of at least so much.</summary>
    public static SettingKind<int> Integer(int least) => new($"a whole number, {least} or more", isSwitch: false, (SettingValue given, out int value) =>
    {
        value = 0;
        return IsNumber(given) && int.TryParse(given.Texts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least;
    });

    /// <summary>A seed: 64 bits.</summary>
    public static SettingKind<ulong> Seed() => new("a whole number from 0 to 18446744073709551615", isSwitch: false, (SettingValue given, out ulong value) =>
    {
        value = 0;
        return !given.IsList && given.Kind != ScalarKind.Boolean && ulong.TryParse(given.Texts[0], NumberStyles.None, CultureInfo.InvariantCulture, out value);
    });

    /// <summary>A finite number in a range.</summary>
    public static SettingKind<double> Number(string expected, Func<double, bool> isInRange) => new(expected, isSwitch: false, (SettingValue given, out double value) =>
    {
        value = 0;
        return IsNumber(given) && double.TryParse(given.Texts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value) && isInRange(value);
    });

    /// <summary>A size in bytes, with its unit.</summary>
    public static SettingKind<long> Size() => new("a size such as 24GiB, 80GB or 512MiB", isSwitch: false, (SettingValue given, out long value) =>
    {
        value = 0;
        string text = given.IsList ? "" : given.Texts[0];
        (string Unit, double Bytes)[] units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("GB", 1e9), ("MB", 1e6)];
        (string unit, double bytes) = units.FirstOrDefault(u => text.EndsWith(u.Unit, StringComparison.Ordinal));
        if (unit is null || !double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count))
            return false;
        value = (long)Math.Min(count * bytes, long.MaxValue);
        return value > 0;
    });

    /// <summary>One of a few words.</summary>
    public static SettingKind<T> Choice<T>(params (string Word, T Value)[] choices) => new(
        "one of " + string.Join(", ", choices.Select(c => c.Word)), isSwitch: false, (SettingValue given, [MaybeNullWhen(false)] out T value) =>
        {
            value = default;
            foreach ((string word, T meaning) in choices)
            {
                if (!given.IsList && given.Texts[0] == word)
                {
                    value = meaning;
                    return true;
                }
            }
            return false;
        });

    /// <summary>Some of a few words, as a list in a file or with commas between them.</summary>
    public static SettingKind<IReadOnlyList<T>> Choices<T>(params (string Word, T Value)[] choices) => new(
        "some of " + string.Join(", ", choices.Select(c => c.Word)) + ", each once", isSwitch: false, (SettingValue given, [MaybeNullWhen(false)] out IReadOnlyList<T> value) =>
        {
            string[] words = given.IsList ? [.. given.Texts] : [.. given.Texts[0].Split(',').Select(word => word.Trim())];
            value = [.. words.SelectMany(word => choices.Where(c => c.Word == word)).Select(c => c.Value)];
            return words.Length > 0 && value.Count == words.Length && value.Distinct().Count() == value.Count;
        });

    /// <summary>On or off.</summary>
    public static SettingKind<bool> Switch() => new("true or false", isSwitch: true, (SettingValue given, out bool value) =>
    {
        value = false;
        return !given.IsList && given.Kind is ScalarKind.Any or ScalarKind.Boolean && bool.TryParse(given.Texts[0], out value);
    });

    /// <summary>Names, as a list in a file or with commas between them.</summary>
    public static SettingKind<IReadOnlyList<string>> Names(string expected) => new(expected, isSwitch: false,
        (SettingValue given, [MaybeNullWhen(false)] out IReadOnlyList<string> value) =>
        {
            value = given.IsList ? given.Texts : [.. given.Texts[0].Split(',').Select(name => name.Trim())];
            return value.Count > 0 && value.All(name => name.Length > 0) && given.Kind is ScalarKind.Any or ScalarKind.Text;
        });

    /// <summary>Seeds, as a list in a file or with commas between them.</summary>
    public static SettingKind<IReadOnlyList<ulong>> Seeds() => new("whole numbers from 0 to 18446744073709551615, each once, such as 1,2,3", isSwitch: false,
        (SettingValue given, [MaybeNullWhen(false)] out IReadOnlyList<ulong> value) =>
        {
            var seeds = new List<ulong>();
            value = seeds;
            foreach (string text in given.IsList ? given.Texts : given.Texts[0].Split(','))
            {
                if (!ulong.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) || seeds.Contains(seed))
                    return false;
                seeds.Add(seed);
            }
            return seeds.Count > 0;
        });

    /// <summary>Whole numbers, 0 or more, as a list in a file or with commas between them.</summary>
    public static SettingKind<IReadOnlyList<int>> Integers(string expected) => new(expected, isSwitch: false,
        (SettingValue given, [MaybeNullWhen(false)] out IReadOnlyList<int> value) =>
        {
            string[] texts = given.IsList ? [.. given.Texts] : given.Texts[0].Split(',');
            int[] numbers = new int[texts.Length];
            value = numbers;
            for (int i = 0; i < texts.Length; i++)
            {
                if (!int.TryParse(texts[i].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                    return false;
            }
            return numbers.Length > 0 && given.Kind != ScalarKind.Boolean;
        });

    /// <summary>Texts of any content, as a list or a single one; a file may give them as words that it takes for numbers or truth values.</summary>
    public static SettingKind<IReadOnlyList<string>> Texts(string expected) => new(expected, isSwitch: false,
        (SettingValue given, [MaybeNullWhen(false)] out IReadOnlyList<string> value) =>
        {
            value = given.Texts;
            return value.Count > 0 && value.All(text => text.Length > 0);
        });

    private static bool IsNumber(SettingValue given) => !given.IsList && given.Kind is ScalarKind.Any or ScalarKind.Number;
}
