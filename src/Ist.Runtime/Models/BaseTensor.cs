namespace Ist.Runtime.Models;

/// <summary>A tensor of the base model, as a method sees it that decides what becomes of it.</summary>
/// <param name="Module">The name of its layer in the checkpoint, such as <c>model.layers.3.mlp.gate_proj</c>.</param>
/// <param name="Name">Its own name: <c>weight</c>, <c>bias</c>.</param>
/// <param name="IsAdaptable">Whether its layer is one that slots host, which peft's <c>all-linear</c> means.</param>
public readonly record struct BaseTensor(string Module, string Name, bool IsAdaptable);
