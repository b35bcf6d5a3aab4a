using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// A low-rank update of a table of embeddings E [ids, width], as peft has it: the row of an id is E[id] + s B A[:, id], with
/// A [r, ids] zero and B [width, r] standard normal at first, and no dropout. Backward, with h = A[:, id]: dB += s dy^T h,
/// dh = s dy B, dA[:, id] += dh.
/// </summary>
internal sealed unsafe class LowRankEmbedding
{
    private readonly Parameter _a;
    private readonly Parameter _b;
    private readonly LoraTarget _target;
    private readonly int _ids;
    private readonly int _width;

    private LowRankEmbedding(Scope scope, LoraTarget target, int ids, int width)
    {
        (_target, _ids, _width) = (target, ids, width);
        _a = scope.Parameter(LoraKeys.EmbeddingA(scope.Name), Initial.Zeros, target.Rank, ids);
        _b = scope.NormalParameter(LoraKeys.EmbeddingB(scope.Name), deviation: 1, width, target.Rank);
    }

    /// <summary>r.</summary>
    public int Rank => _target.Rank;

    /// <summary>For people: <c>r=8 alpha=16</c>.</summary>
    public string Description => FormattableString.Invariant($"r={_target.Rank} alpha={_target.Alpha}");

    /// <summary>Makes the update of the scope's module; null where the options do not target it. <c>all-linear</c> means no table.</summary>
    public static LowRankEmbedding? Create(Scope scope, LoraOptions options, int ids, int width) =>
        options.TargetModules != ModuleSelector.AllLinear && options.Match(scope.Name) is { } target ? new(scope, target, ids, width) : null;

    /// <summary>y += s B A[:, id], and h = A[:, id].</summary>
    public void Add(Run run, float* y, float* h, Ids ids)
    {
        ColumnLookup.Forward(run, h, ids, _a.Value, Rank, _ids);
        Product.XyT(run, Into.Add, Scale(run), y, h, _b.Value, run.Rows, _width, Rank);
    }

    /// <summary>Adds the gradients of A and B.</summary>
    public void AddGradients(Run run, float* dy, float* h, float* dh, Ids ids)
    {
        Product.XTy(run, Into.Add, Scale(run), _b.Gradient, dy, h, _width, Rank, run.Rows);
        Product.Xy(run, Into.Set, Scale(run), dh, dy, _b.Value, run.Rows, Rank, _width);
        ColumnLookup.AddGradient(run, _a.Gradient, dh, ids, Rank, _ids);
    }

    /// <summary>E += s (B A)^T.</summary>
    /// <param name="table">E, row-major [ids, width].</param>
    public void AddTo(Span<float> table)
    {
        for (int at = 0; at < table.Length; at++)
        {
            (int id, int i) = Math.DivRem(at, _width);
            double sum = 0;
            for (int k = 0; k < Rank; k++)
                sum += (double)_b.Value[i * Rank + k] * _a.Value[(long)k * _ids + id];
            table[at] += (float)(_target.Scaling * sum);
        }
    }

    private float Scale(Run run) => (float)_target.Scaling * run.AdapterScale;
}
