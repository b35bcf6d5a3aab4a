namespace Ist.Runtime.Numerics;

/// <summary>How row kernels are cut into tasks: enough work to be worth a task, whatever the number of threads.</summary>
internal static class RowTasks
{
    /// <summary>Elements that are worth a task.</summary>
    public const int Elements = 16384;

    /// <summary>Rows in a task.</summary>
    public static int RowsOf(int width) => Math.Max(1, Elements / width);

    /// <summary>Tasks for this many rows.</summary>
    public static int Count(int rows, int width) => (rows + RowsOf(width) - 1) / RowsOf(width);

    /// <summary>Tasks for elements that stand in no rows.</summary>
    public static int Count(long elements) => checked((int)((elements + Elements - 1) / Elements));
}
