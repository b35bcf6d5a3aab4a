namespace Ist.Runtime.Tensors;
/// <summary>stand-in</summary>
public enum DType { /// <summary/>
 F32, /// <summary/>
 F16, /// <summary/>
 BF16 }
