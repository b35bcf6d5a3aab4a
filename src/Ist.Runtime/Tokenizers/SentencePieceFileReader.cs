using System.Text;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>
/// Reads SentencePiece's <c>tokenizer.model</c>. Source: google/sentencepiece, <c>src/sentencepiece_model.proto</c>; the numbers are its
/// fields'.
/// </summary>
internal static class SentencePieceFileReader
{
    private static readonly string[] _modelTypes = ["", "unigram", "BPE", "word", "character"];

    /// <summary>The file's contents.</summary>
    /// <exception cref="InputException">It can't be read, isn't such a model, or one that isn't supported.</exception>
    public static SentencePieceFile Read(string path)
    {
        var file = new SentencePieceFile();
        var reader = new ProtobufReader(InputFile.ReadAllBytes(path), path);
        while (reader.MoveNext())
        {
            switch (reader.Field)
            {
                case 1:
                    file.Pieces.Add(ReadPiece(reader.ReadBytes(), path));
                    break;
                case 2:
                    ReadTrainer(reader.ReadBytes(), file, path);
                    break;
                case 3:
                    ReadNormalizer(reader.ReadBytes(), file, path);
                    break;
                case 5:
                    ReadDenormalizer(reader.ReadBytes(), file, path);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        Check(file, path);
        return file;
    }

    private static void Check(SentencePieceFile file, string path)
    {
        if (file.Pieces.Count == 0)
            throw new InputException($"{path}: it holds no pieces, so it isn't a SentencePiece model; copy the file again from the model's origin");
        if (file.ModelType != 2)
        {
            string type = file.ModelType > 0 && file.ModelType < _modelTypes.Length ? _modelTypes[file.ModelType] : "unknown";
            throw new InputException($"{path}: its model type is {type} ({file.ModelType}), which isn't supported; supported is BPE (2)");
        }
        if (file.HasNormalizationRules)
            throw new InputException($"{path}: its normalizer {OneLine.Quote(file.NormalizerName)} has rules (a precompiled_charsmap), which aren't supported; supported is identity");
        if (file.TreatWhitespaceAsSuffix)
            throw new InputException($"{path}: it was trained with treat_whitespace_as_suffix, which isn't supported");
    }

    private static SentencePiece ReadPiece(ReadOnlySpan<byte> message, string path)
    {
        string text = "";
        float score = 0;
        var type = SentencePieceType.Normal;
        var reader = new ProtobufReader(message, path);
        while (reader.MoveNext())
        {
            switch (reader.Field)
            {
                case 1:
                    text = Text(ref reader);
                    break;
                case 2:
                    score = reader.ReadFloat();
                    break;
                case 3:
                    type = (SentencePieceType)reader.ReadInt32();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return Enum.IsDefined(type) && float.IsFinite(score)
            ? new SentencePiece(text, score, type)
            : throw new InputException($"{path}: the piece {OneLine.Quote(text)} has the type {(int)type} and the score {score}, expected a type from 1 to 6 and a finite score");
    }

    private static void ReadTrainer(ReadOnlySpan<byte> message, SentencePieceFile file, string path)
    {
        var reader = new ProtobufReader(message, path);
        while (reader.MoveNext())
        {
            switch (reader.Field)
            {
                case 3:
                    file.ModelType = reader.ReadInt32();
                    break;
                case 24:
                    file.TreatWhitespaceAsSuffix = reader.ReadBool();
                    break;
                case 35:
                    file.ByteFallback = reader.ReadBool();
                    break;
                case 45:
                    file.Roles = file.Roles with { Unk = Text(ref reader) };
                    break;
                case 46:
                    file.Roles = file.Roles with { Bos = Text(ref reader) };
                    break;
                case 47:
                    file.Roles = file.Roles with { Eos = Text(ref reader) };
                    break;
                case 48:
                    file.Roles = file.Roles with { Pad = Text(ref reader) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static void ReadNormalizer(ReadOnlySpan<byte> message, SentencePieceFile file, string path)
    {
        var reader = new ProtobufReader(message, path);
        while (reader.MoveNext())
        {
            switch (reader.Field)
            {
                case 1:
                    file.NormalizerName = Text(ref reader);
                    break;
                case 2:
                    file.HasNormalizationRules |= !reader.ReadBytes().IsEmpty;
                    break;
                case 3:
                    file.AddDummyPrefix = reader.ReadBool();
                    break;
                case 4:
                    file.RemoveExtraWhitespaces = reader.ReadBool();
                    break;
                case 5:
                    file.EscapeWhitespaces = reader.ReadBool();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static void ReadDenormalizer(ReadOnlySpan<byte> message, SentencePieceFile file, string path)
    {
        var reader = new ProtobufReader(message, path);
        while (reader.MoveNext())
        {
            if (reader.Field == 2)
                file.HasNormalizationRules |= !reader.ReadBytes().IsEmpty;
            else
                reader.Skip();
        }
    }

    private static string Text(ref ProtobufReader reader) => Encoding.UTF8.GetString(reader.ReadBytes());
}
