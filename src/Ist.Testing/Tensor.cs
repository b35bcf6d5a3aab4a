namespace Ist.Testing;

/// <summary>Values and their gradient.</summary>
internal sealed unsafe class Tensor(string name, float* value, float* gradient, int count)
{
    public string Name { get; } = name;

    public Span<float> Value => new(value, count);

    public Span<float> Gradient => new(gradient, count);
}
