using System.Reflection;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests.Golden;

/// <summary>
/// What Hugging Face calls hidden states, read from the buffers of a model that was laid out for training: the input of each layer, and
/// last the output of the stack, which decoders norm.
/// </summary>
internal static class HiddenStates
{
    private const BindingFlags Private = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>The hidden states of the last forward pass.</summary>
    public static Act<Model>[] Of(IModel model)
    {
        object[] buffers = [.. model.GetType().GetFields(Private).Where(f => f.FieldType.DeclaringType is not null).Select(f => f.GetValue(model)!)];
        Act<Model>[] layers = Read<Act<Model>[]>(buffers, "Blocks");
        return model is ISequenceClassifier ? layers : [.. layers[..^1], Read<Act<Model>>(buffers, AfterStack(model))];
    }

    /// <summary>The member below the stack, which is its norm.</summary>
    private static string AfterStack(IModel model)
    {
        PropertyInfo[] members = [.. model.GetType().GetProperties().OrderBy(p => p.MetadataToken)];
        int stack = Array.FindIndex(members, p => p.PropertyType.IsGenericType && p.PropertyType.GetGenericTypeDefinition() == typeof(LayerStack<>));
        return members[stack + 1].Name;
    }

    private static T Read<T>(object[] buffers, string name) => buffers
        .Select(b => b.GetType().GetProperty(name)?.GetValue(b))
        .OfType<T>()
        .First();
}
