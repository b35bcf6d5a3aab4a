using System.Globalization;

namespace Ist.Runtime.Tokenizers;

/// <summary>Decompositions, compositions and combining classes, read once from the embedded <c>UnicodeNormalization.txt</c>.</summary>
internal static class UnicodeData
{
    // Hangul syllables are a formula (The Unicode Standard, section 3.12): 19 leading, 21 vowel and 28 trailing jamo.
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    private static readonly Dictionary<int, int[]> _canonical = [];
    private static readonly Dictionary<int, int[]> _compatibility = [];
    private static readonly Dictionary<(int, int), int> _compositions = [];
    private static readonly Dictionary<int, int> _classes = [];

    static UnicodeData()
    {
        using Stream stream = typeof(UnicodeData).Assembly.GetManifestResourceStream("UnicodeNormalization.txt")
            ?? throw new InvalidOperationException("The assembly was built without UnicodeNormalization.txt.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                Read(line.Split(' '));
        }
    }

    /// <summary>The canonical combining class: 0 for starters.</summary>
    public static int CombiningClass(int code) => code < 0x300 ? 0 : _classes.GetValueOrDefault(code);

    /// <summary>Appends a character's full decomposition, or itself.</summary>
    public static void AppendDecomposition(int code, bool compatibility, List<int> codes)
    {
        int syllable = code - SyllableBase;
        if (syllable is >= 0 and < Syllables)
        {
            codes.Add(LeadBase + syllable / (Vowels * Trails));
            codes.Add(VowelBase + syllable % (Vowels * Trails) / Trails);
            if (syllable % Trails != 0)
                codes.Add(TrailBase + syllable % Trails);
        }
        else if (_canonical.TryGetValue(code, out int[]? parts) || (compatibility && _compatibility.TryGetValue(code, out parts)))
        {
            foreach (int part in parts)
                AppendDecomposition(part, compatibility, codes);
        }
        else
        {
            codes.Add(code);
        }
    }

    /// <summary>The one character that two compose to.</summary>
    public static bool TryCompose(int first, int second, out int composed)
    {
        int lead = first - LeadBase, vowel = second - VowelBase;
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
        {
            composed = SyllableBase + (lead * Vowels + vowel) * Trails;
            return true;
        }
        int syllable = first - SyllableBase, trail = second - TrailBase;
        if (syllable is >= 0 and < Syllables && syllable % Trails == 0 && trail is > 0 and < Trails)
        {
            composed = first + trail;
            return true;
        }
        return _compositions.TryGetValue((first, second), out composed);
    }

    private static void Read(string[] fields)
    {
        if (fields[0] == "M")
        {
            int last = Hex(fields[2]);
            for (int mark = Hex(fields[1]); mark <= last; mark++)
                _classes[mark] = int.Parse(fields[3], CultureInfo.InvariantCulture);
            return;
        }
        int code = Hex(fields[1]);
        int[] parts = [.. fields[2..].Select(Hex)];
        (fields[0] == "K" ? _compatibility : _canonical)[code] = parts;
        if (fields[0] == "C")
            _compositions[(parts[0], parts[1])] = code;
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
