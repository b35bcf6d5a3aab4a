namespace Ist.Runtime.Checkpoints;

/// <summary><c>model.safetensors.index.json</c>: <c>{"metadata": {…}, "weight_map": {tensor: file}}</c>.</summary>
internal static class ShardIndex
{
    /// <summary>Opens the shards and checks that each has exactly the tensors that the index says.</summary>
    /// <exception cref="InputException">A shard is missing or broken, or has other tensors.</exception>
    public static IReadOnlyList<SafeTensorsFile> Open(string indexPath)
    {
        JsonConfig map = JsonConfig.Load(indexPath).GetObject("weight_map");
        var byShard = new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (string tensor in map.Keys)
        {
            string shard = map.GetString(tensor);
            if (shard.Length == 0 || Path.GetFileName(shard) != shard || shard is "." or "..")
                throw map.Fault(tensor, $"names the file {OneLine.Quote(shard)}, expected the plain name of a file in the same folder");
            if (!byShard.TryGetValue(shard, out HashSet<string>? tensors))
                byShard.Add(shard, tensors = new HashSet<string>(StringComparer.Ordinal));
            tensors.Add(tensor);
        }
        if (byShard.Count == 0)
            throw new InputException($"{indexPath}: 'weight_map' is empty");

        var files = new List<SafeTensorsFile>();
        try
        {
            foreach ((string shard, HashSet<string> tensors) in byShard)
            {
                string path = Path.Combine(Path.GetDirectoryName(indexPath)!, shard);
                if (!File.Exists(path))
                    throw new InputException($"{path}: this file, which {Path.GetFileName(indexPath)} names, is missing; fetch it");
                var file = new SafeTensorsFile(path);
                files.Add(file);
                Compare(indexPath, file, tensors);
            }
            return files;
        }
        catch
        {
            foreach (SafeTensorsFile file in files)
                file.Dispose();
            throw;
        }
    }

    private static void Compare(string indexPath, SafeTensorsFile file, HashSet<string> expected)
    {
        string[] missing = [.. expected.Where(t => !file.Tensors.ContainsKey(t)).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
            throw new InputException($"{file.Path}: it lacks {OneLine.List(missing, 4)}, which {Path.GetFileName(indexPath)} says it has; fetch both again");
        string[] surplus = [.. file.Tensors.Keys.Where(t => !expected.Contains(t)).Order(StringComparer.Ordinal)];
        if (surplus.Length > 0)
            throw new InputException($"{file.Path}: it has {OneLine.List(surplus, 4)}, which {Path.GetFileName(indexPath)} doesn't place there; fetch both again");
    }
}
