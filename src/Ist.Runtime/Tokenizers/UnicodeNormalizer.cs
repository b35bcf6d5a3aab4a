using System.Text;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// NFC, NFD, NFKC or NFKD (Unicode Standard Annex 15), with its own data: .NET's <c>string.Normalize</c> gives text back unchanged
/// in programs with invariant globalization, as <c>ist</c> is, and otherwise depends on the machine's ICU.
/// </summary>
/// <param name="compatibility">Whether compatibility characters are replaced too (NFKC, NFKD).</param>
/// <param name="compose">Whether marks are composed with their letters again (NFC, NFKC).</param>
internal sealed class UnicodeNormalizer(bool compatibility, bool compose) : INormalizer
{
    /// <inheritdoc/>
    public string Normalize(string text)
    {
        // Below U+0300 nothing composes, below U+00A0 nothing decomposes.
        char limit = compose && !compatibility ? '\u0300' : '\u00A0';
        if (!text.AsSpan().ContainsAnyInRange(limit, '\uFFFF'))
            return text;
        List<int> codes = Decompose(text);
        Order(codes);
        if (compose)
            Compose(codes);
        var result = new StringBuilder(text.Length);
        foreach (int code in codes)
            result.Append(new Rune(code));
        return result.ToString();
    }

    private List<int> Decompose(string text)
    {
        var codes = new List<int>(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            UnicodeData.AppendDecomposition(rune.Value, compatibility, codes);
        return codes;
    }

    /// <summary>Sorts each run of marks by combining class, equal ones in their order.</summary>
    private static void Order(List<int> codes)
    {
        for (int start = 0; start < codes.Count; start++)
        {
            if (UnicodeData.CombiningClass(codes[start]) == 0)
                continue;
            int end = start + 1;
            while (end < codes.Count && UnicodeData.CombiningClass(codes[end]) != 0)
                end++;
            if (end - start > 1)
            {
                int[] sorted = [.. codes[start..end].OrderBy(UnicodeData.CombiningClass)];
                for (int i = start; i < end; i++)
                    codes[i] = sorted[i - start];
            }
            start = end;
        }
    }

    /// <summary>Composes each mark with the last starter where nothing of its class or a higher one stands between.</summary>
    private static void Compose(List<int> codes)
    {
        int starter = -1;
        int lastClass = 0;
        int kept = 0;
        for (int i = 0; i < codes.Count; i++)
        {
            int code = codes[i];
            int combiningClass = UnicodeData.CombiningClass(code);
            bool adjacent = starter >= 0 && kept == starter + 1;
            bool blocked = !adjacent && lastClass >= combiningClass;
            if (starter >= 0 && !blocked && UnicodeData.TryCompose(codes[starter], code, out int composed))
            {
                codes[starter] = composed;
                continue;
            }
            if (combiningClass == 0)
                starter = kept;
            lastClass = combiningClass;
            codes[kept++] = code;
        }
        codes.RemoveRange(kept, codes.Count - kept);
    }
}
