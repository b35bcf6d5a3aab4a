namespace Ist.Samples.Making.Records;

/// <summary>Says in one or two sentences what a record says, each field in the record's own words.</summary>
internal static class BoatSentence
{
    /// <summary>One of the possible wordings. It begins with a space, which separates it from the prompt.</summary>
    public static string Write(Boat boat, RowDraw draw)
    {
        string what = boat.Colour is null ? $"a {boat.Kind}" : $"a {boat.Colour} {boat.Kind}";
        string first = draw.Below(3) switch
        {
            0 => $"The {boat.Name} is {what} from {boat.Harbour}{Pick(draw, boat.Cargo, " and carries {0}", " with {0} on board")}.",
            1 => $"From {boat.Harbour} comes the {boat.Name}, {what}{Pick(draw, boat.Cargo, " that carries {0}", " with {0} on board")}.",
            _ => $"The home of the {boat.Name}, {what}{Pick(draw, boat.Cargo, " that carries {0}", " full of {0}")}, is {boat.Harbour}.",
        };
        return " " + first + Crew(boat, draw);
    }

    private static string Crew(Boat boat, RowDraw draw) => (boat.Skipper, boat.Leaves) switch
    {
        (null, null) => "",
        (string skipper, null) => Pick(draw, skipper, " {0} is its skipper.", " {0} stands at the helm."),
        (null, string leaves) => Pick(draw, leaves, " It leaves {0}.", " It sets sail {0}."),
        (string skipper, string leaves) => draw.Below(2) == 0
            ? $" {skipper} is its skipper, and it leaves {leaves}."
            : $" It sets sail {leaves} with {skipper} at the helm.",
    };

    private static string Pick(RowDraw draw, string? value, params string[] wordings) =>
        value is null ? "" : wordings[draw.Below(wordings.Length)].Replace("{0}", value, StringComparison.Ordinal);
}
