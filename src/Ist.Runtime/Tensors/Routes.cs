namespace Ist.Runtime.Tensors;

/// <summary>Where a row's copies stand among those of all rows, which are grouped by expert: three whole numbers for each <see cref="Chosen"/>.</summary>
public abstract class Routes : IWidth;
