namespace Ist.Runtime.Optimizers;

/// <summary>How the learning rate goes on after the warm-up (<c>lr_scheduler_type</c>).</summary>
public enum ScheduleKind
{
    /// <summary>It falls to 0 on a straight line.</summary>
    Linear,

    /// <summary>It falls to 0 on half a cosine wave.</summary>
    Cosine,

    /// <summary>It stays (<c>constant_with_warmup</c>; without warm-up <c>constant</c>).</summary>
    Constant,
}
