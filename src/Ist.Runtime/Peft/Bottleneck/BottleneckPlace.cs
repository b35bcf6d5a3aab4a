namespace Ist.Runtime.Peft;

/// <summary>Where a bottleneck adapter stands in a linear layer, under the names of LLM-Adapters.</summary>
public enum BottleneckPlace
{
    /// <summary><c>mh_adapter</c>: before the layer, y = W (x + A(x)) + b.</summary>
    Before,

    /// <summary><c>output_adapter</c>: after it, y = z + A(z) with z = W x + b.</summary>
    After,

    /// <summary><c>parallel_adapter</c>: beside it, y = W x + b + A(x).</summary>
    Beside,
}
