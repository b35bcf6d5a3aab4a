using System.Text;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads a BPE model from <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class VocabMerges
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The model of the two files.</summary>
    /// <exception cref="InputException">One can't be read or is wrong, or they don't belong together.</exception>
    public static BpeModel Read(string vocabPath, string mergesPath)
    {
        var vocabulary = new Vocabulary(JsonConfig.Load(vocabPath).GetIds(), vocabPath);
        var merges = new MergeTable(ReadMerges(mergesPath), vocabulary, "", mergesPath);
        return new BpeModel(vocabulary, merges, new BpeOptions());
    }

    private static List<(string Left, string Right)> ReadMerges(string path)
    {
        var merges = new List<(string, string)>();
        string[] lines = ReadText(path).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (line.Length == 0 || line.StartsWith("#version", StringComparison.Ordinal))
                continue;
            if (line.Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw new InputException($"{path}: line {i + 1} is {OneLine.Quote(line)}, expected two tokens and a space between them");
            merges.Add((left, right));
        }
        return merges;
    }

    private static string ReadText(string path)
    {
        try
        {
            return _strict.GetString(InputFile.ReadAllBytes(path));
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{path}: it isn't valid UTF-8; save the file as UTF-8", e);
        }
    }
}
