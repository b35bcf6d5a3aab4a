using Ist.Runtime.Devices;
namespace Ist.Runtime.Layers;
/// <summary>stand-in</summary>
public sealed class RotaryAngles { /// <summary/>
 public void Reserve(Arena arena) => throw new NotImplementedException(); }
