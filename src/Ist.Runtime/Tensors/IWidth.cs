namespace Ist.Runtime.Tensors;

/// <summary>
/// A marker type that names a width, so that wiring values of different meaning together is a compile-time error.
/// Markers have no members; their sizes come from the checkpoint's configuration (<see cref="Widths"/>).
/// </summary>
public interface IWidth;
