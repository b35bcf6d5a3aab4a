namespace Ist.Runtime.Optimizers;
/// <summary>stand-in</summary>
public enum ScheduleKind { /// <summary/>
 Linear, /// <summary/>
 Cosine, /// <summary/>
 Constant }
