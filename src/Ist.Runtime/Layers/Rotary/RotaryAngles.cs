#pragma warning disable
using Ist.Runtime.Devices;
namespace Ist.Runtime.Layers;
/// <summary>stand-in</summary>
public sealed class RotaryAngles(int headSize, float theta, RotaryScaling? scaling) { public void Reserve(Arena arena) => throw new NotImplementedException(); }
public abstract record RotaryScaling;
public sealed record LinearRotaryScaling(float Factor) : RotaryScaling;
public sealed record Llama3RotaryScaling(float Factor, float Low, float High, int Positions) : RotaryScaling;
