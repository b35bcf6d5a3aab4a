using Ist.Runtime.Numerics;

namespace Ist.Runtime.Generation;

/// <summary>
/// Chooses tokens: softmax(logits / temperature), cut to the top k, then to the top p (nucleus sampling, Holtzman et al.,
/// arXiv 1904.09751), in the order of transformers' logits processors. The n-th choice depends on the seed, n and the logits
/// alone.
/// </summary>
public sealed class TokenSampler
{
    private readonly GenerationOptions _options;
    private readonly ulong _key;
    private int[] _ids = [];
    private double[] _probabilities = [];

    /// <summary>A sampler with these options.</summary>
    /// <exception cref="InputException">An option means nothing.</exception>
    public TokenSampler(GenerationOptions options)
    {
        options.Check();
        _options = options;
        _key = RandomKey.For(options.Seed, RandomUse.SampledTokens);
    }

    /// <summary>Chooses a token.</summary>
    /// <param name="logits">One number for each token of the vocabulary.</param>
    /// <param name="index">Which choice it is, from 0.</param>
    /// <exception cref="RunException">A logit is not a number.</exception>
    public int Choose(ReadOnlySpan<float> logits, int index)
    {
        int likeliest = Likeliest(logits);
        if (!float.IsFinite(logits[likeliest]))
            throw new RunException($"New token {index + 1}: a logit is {logits[likeliest]}; the model or its adapter is damaged.");
        if (_options.Temperature == 0)
            return likeliest;
        int kept = Rank(logits);
        double total = Weigh(logits, kept);
        kept = Nucleus(kept, ref total);
        double target = Uniform.Double(_key, 0, (ulong)index) * total;
        double passed = 0;
        for (int i = 0; i < kept - 1; i++)
        {
            passed += _probabilities[i];
            if (target < passed)
                return _ids[i];
        }
        return _ids[kept - 1];
    }

    // The first of equals; a NaN wins, so that it is found.
    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best] || float.IsNaN(logits[i]))
                best = i;
        }
        return best;
    }

    /// <summary>Brings the tokens into falling order; gives how many the top k are. Equals of the last one are among them.</summary>
    private int Rank(ReadOnlySpan<float> logits)
    {
        if (_ids.Length != logits.Length)
        {
            _ids = new int[logits.Length];
            _probabilities = new double[logits.Length];
        }
        for (int i = 0; i < _ids.Length; i++)
        {
            _ids[i] = i;
            _probabilities[i] = -logits[i];
        }
        if (_options.TopK == 0 && _options.TopP == 1)
            return _ids.Length;
        Array.Sort(_probabilities, _ids);
        int kept = _options.TopK == 0 ? _ids.Length : Math.Min(_options.TopK, _ids.Length);
        while (kept < _ids.Length && logits[_ids[kept]] == logits[_ids[kept - 1]])
            kept++;
        return kept;
    }

    /// <summary>Puts e^((logit - highest) / temperature) in the place of each kept token; gives their sum.</summary>
    private double Weigh(ReadOnlySpan<float> logits, int kept)
    {
        double highest = double.NegativeInfinity, total = 0;
        for (int i = 0; i < kept; i++)
            highest = Math.Max(highest, logits[_ids[i]]);
        for (int i = 0; i < kept; i++)
            total += _probabilities[i] = Math.Exp((logits[_ids[i]] - highest) / _options.Temperature);
        return total;
    }

    /// <summary>How many of the likeliest tokens reach the probability of the nucleus, at least one.</summary>
    private int Nucleus(int kept, ref double total)
    {
        if (_options.TopP == 1)
            return kept;
        double wanted = _options.TopP * total, reached = 0;
        int count = 0;
        while (count < kept && reached < wanted)
            reached += _probabilities[count++];
        total = reached;
        return count;
    }
}
