namespace Ist.Testing;

/// <summary>Something with a forward and a backward pass.</summary>
internal interface IDifferentiated
{
    /// <summary>What the result depends on, with gradients once <see cref="Backward"/> ran.</summary>
    IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>The sum of dy y.</summary>
    double Forward();

    /// <summary>The gradients of the last forward pass' sum.</summary>
    void Backward();
}
