namespace Ist.Runtime.Sparse;

/// <summary>How many layers a policy draws, and from which: its numbers, checked against a stack.</summary>
/// <param name="Active">Layers that a draw takes.</param>
/// <param name="Lowest">The lowest layer that it may take.</param>
/// <param name="Available">Layers that it may take.</param>
internal readonly record struct DrawnLayers(int Active, int Lowest, int Available)
{
    /// <summary>Checks them.</summary>
    /// <param name="layers">Layers of the stack.</param>
    /// <param name="active">Layers to draw; null takes <paramref name="standard"/>, or all that are available where those are fewer.</param>
    /// <param name="standard">What the method draws unless told otherwise.</param>
    /// <param name="truncate">Layers that are available, from the top of the stack; null for every layer.</param>
    /// <exception cref="InputException">The stack has not so many.</exception>
    public static DrawnLayers Of(int layers, int? active, int standard, int? truncate = null)
    {
        int available = truncate ?? layers;
        if (truncate is not null && (available < 1 || available > layers))
            throw new InputException($"truncate is {available}, but the model has {layers} layers; give 1 to {layers}.");
        int drawn = active ?? Math.Min(standard, available);
        if (drawn >= 1 && drawn <= available)
            return new DrawnLayers(drawn, layers - available, available);
        throw new InputException(truncate is null
            ? $"active-layers is {drawn}, but the model has {layers} layers; give 1 to {layers}."
            : $"active-layers is {drawn}, but truncate leaves {available} layers to choose from; give 1 to {available}.");
    }

    /// <summary>IST's share of a stack: a quarter, rounded down, at least one.</summary>
    public static int Quarter(int layers) => Math.Max(1, layers / 4);
}
