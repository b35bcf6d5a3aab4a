namespace Ist.Runtime.Tensors;

/// <summary>
/// A row's copies for the experts that it goes to, as wide as <see cref="Chosen"/> rows of the width. In memory the copies of all rows
/// are grouped by expert, in the order of <see cref="Routes"/>, so that each expert has its own without gaps.
/// </summary>
/// <typeparam name="W">One copy.</typeparam>
public abstract class Routed<W> : IWidth where W : IWidth;
