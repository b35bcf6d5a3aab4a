namespace Ist.Ptx.Execution;

/// <summary>A decoded instruction. The warp checks guard and registers; Execute does the work of the lanes.</summary>
internal abstract class Instruction
{
    /// <summary>Line of the text, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The instruction as it was written.</summary>
    public string Source { get; private set; } = "";

    public Register? Guard { get; private set; }

    public bool GuardNegated { get; private set; }

    public Register[] Reads { get; private set; } = [];

    public Register[] Writes { get; private set; } = [];

    /// <summary>True where lanes must meet at this instruction.</summary>
    public virtual bool Converges => false;

    public void Place(int line, string source, Register? guard, bool guardNegated, Register[] reads, Register[] writes) =>
        (Line, Source, Guard, GuardNegated, Reads, Writes) = (line, source, guard, guardNegated, reads, writes);

    /// <summary>The lanes that must meet here, as <paramref name="lanes"/> that have arrived say. Lanes that have exited need not come.</summary>
    public virtual uint Members(Warp warp, uint lanes) => uint.MaxValue;

    public abstract void Execute(Warp warp, uint lanes);
}
