namespace Ist.Samples.Making.Records;

/// <summary>
/// Rows to train on and rows to judge by. For each boat one harbour is held out: the pair is in every row to judge by and in
/// none to train on, so a model can't have seen the record, only its parts.
/// </summary>
internal static class RecordSet
{
    // No row has this number; the draws of held-out harbours are kept apart from those of rows.
    private const ulong HeldOutHarbours = ulong.MaxValue;

    /// <summary>Generates distinct records.</summary>
    /// <exception cref="InvalidOperationException">A record or pair to judge by is among those to train on: a fault of this class.</exception>
    public static (IReadOnlyList<RecordRow> Train, IReadOnlyList<RecordRow> Held) Generate(ulong seed, int rows, int evalRows)
    {
        var draw = new RowDraw(seed, HeldOutHarbours);
        Dictionary<string, string> heldOut = BoatValues.Names.ToDictionary(name => name, _ => draw.Of(BoatValues.Harbours));
        List<RecordRow> train = [], held = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (ulong number = 0; train.Count < rows || held.Count < evalRows; number++)
        {
            RecordRow row = Row(seed, number);
            (List<RecordRow> part, int wanted) = heldOut[row.Boat.Name] == row.Boat.Harbour ? (held, evalRows) : (train, rows);
            if (part.Count < wanted && seen.Add(row.Prompt))
                part.Add(row);
        }
        RequireDisjoint(train, held);
        return (train, held);
    }

    private static RecordRow Row(ulong seed, ulong number)
    {
        var draw = new RowDraw(seed, number);
        var boat = new Boat(
            draw.Of(BoatValues.Names), draw.Of(BoatValues.Kinds), draw.Of(BoatValues.Harbours), draw.Maybe(BoatValues.Colours),
            draw.Maybe(BoatValues.Cargoes), draw.Maybe(BoatValues.Skippers), draw.Maybe(BoatValues.Departures));
        return new RecordRow(boat, boat.Prompt(), BoatSentence.Write(boat, draw));
    }

    private static void RequireDisjoint(List<RecordRow> train, List<RecordRow> held)
    {
        var pairs = train.Select(r => (r.Boat.Name, r.Boat.Harbour)).ToHashSet();
        if (held.Find(r => pairs.Contains((r.Boat.Name, r.Boat.Harbour))) is RecordRow row)
            throw new InvalidOperationException($"The held-out pair of '{row.Prompt}' is among the rows to train on.");
    }
}
