using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// What stands in <see cref="Routes"/>: for every place among the copies, which are grouped by expert, the choice that it is of and
/// its expert; and for every choice its place. Choice j of row r has the number r * perRow + j, and an expert's copies stand in the
/// order of these numbers.
/// </summary>
internal readonly unsafe struct RouteTable
{
    /// <summary>Numbers that <see cref="Routes"/> has for each choice.</summary>
    public const int Parts = 3;

    /// <param name="routes">The numbers.</param>
    /// <param name="rows">Rows in use.</param>
    public RouteTable(Ids<Routes> routes, int rows)
    {
        PerRow = routes.Width / Parts;
        Count = checked(rows * PerRow);
        Choices = routes.Data;
        Places = Choices + Count;
        Experts = Places + Count;
    }

    /// <summary>Choices of a row.</summary>
    public int PerRow { get; }

    /// <summary>Choices of all rows.</summary>
    public int Count { get; }

    /// <summary>The choice at each place.</summary>
    public int* Choices { get; }

    /// <summary>The place of each choice.</summary>
    public int* Places { get; }

    /// <summary>The expert of each place, rising.</summary>
    public int* Experts { get; }

    /// <summary>How many places an expert has, which begin at <paramref name="from"/>.</summary>
    public int CountOf(int expert, int from)
    {
        int low = from, high = Count;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            (low, high) = Experts[middle] <= expert ? (middle + 1, high) : (low, middle);
        }
        return low - from;
    }

    /// <summary>Fills the table. At first <see cref="Experts"/> holds the expert of each choice.</summary>
    /// <param name="begins">Scratch, one for each expert.</param>
    public void Sort(Span<int> begins)
    {
        begins.Clear();
        for (int choice = 0; choice < Count; choice++)
            begins[Experts[choice]]++;
        int begin = 0;
        foreach (ref int expert in begins)
            (expert, begin) = (begin, begin + expert);
        for (int choice = 0; choice < Count; choice++)
        {
            Places[choice] = begins[Experts[choice]]++;
            Choices[Places[choice]] = choice;
        }
        // Where an expert began, the next one begins now.
        int place = 0;
        for (int expert = 0; expert < begins.Length; expert++)
        {
            while (place < begins[expert])
                Experts[place++] = expert;
        }
    }
}
