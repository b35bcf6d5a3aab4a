namespace Ist.Runtime.Tokenizers;

/// <summary>The ids put before and after those of a text, and around those of a pair of texts.</summary>
internal sealed record PostProcessor(int[] Prefix, int[] Suffix)
{
    /// <summary>Adds nothing.</summary>
    public static PostProcessor None { get; } = new([], []);

    /// <summary>What a pair of texts becomes; empty where the model's files do not say.</summary>
    public PairPart[] Pair { get; init; } = [];

    /// <summary>As BERT: <c>[CLS] A [SEP] B [SEP]</c>, where B and what follows it are the second segment.</summary>
    public static PostProcessor Bert(int cls, int sep) => new([cls], [sep])
    {
        Pair = [PairPart.OfToken(cls, 0), PairPart.OfText(0, 0), PairPart.OfToken(sep, 0), PairPart.OfText(1, 1), PairPart.OfToken(sep, 1)],
    };

    /// <summary>As RoBERTa: <c>&lt;s&gt; A &lt;/s&gt;&lt;/s&gt; B &lt;/s&gt;</c>, all of one segment.</summary>
    public static PostProcessor Roberta(int cls, int sep) => new([cls], [sep])
    {
        Pair =
        [
            PairPart.OfToken(cls, 0), PairPart.OfText(0, 0), PairPart.OfToken(sep, 0), PairPart.OfToken(sep, 0), PairPart.OfText(1, 0), PairPart.OfToken(sep, 0),
        ],
    };
}
