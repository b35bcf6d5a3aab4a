namespace Ist.Runtime.Checkpoints;

/// <summary>The folder a run will write to.</summary>
public static class OutputFolder
{
    /// <summary>Creates the folder where it is missing and proves that files can be made in it, before hours of work are spent.</summary>
    /// <exception cref="InputException">It can't be created or written to.</exception>
    public static void Prepare(string path)
    {
        if (File.Exists(path))
            throw new InputException($"{path}: a file of this name is in the way; give another output folder");
        string probe = Path.Combine(path, ".ist-write-probe");
        try
        {
            Directory.CreateDirectory(path);
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
        }
        catch (Exception e) when (WriteFault.Explains(e))
        {
            throw new InputException($"{path}: this output folder can't be written to: {WriteFault.Cause(probe, e)}", e);
        }
    }
}
