namespace Ist.Runtime.Layers;

/// <summary>Which of a model's linear layers have biases.</summary>
/// <param name="Has">Whether an <see cref="OptionalBiasLinear{I, O}"/> does, by its name in the checkpoint, such as <c>model.layers.0.mlp.up_proj</c>.</param>
public sealed record BiasOptions(Func<string, bool> Has)
{
    /// <summary>Either all of them do or none (<c>enable_bias</c>).</summary>
    /// <param name="optional">Whether they do.</param>
    public BiasOptions(bool optional) : this(_ => optional)
    {
    }
}
