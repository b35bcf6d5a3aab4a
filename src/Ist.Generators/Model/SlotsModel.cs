namespace Ist.Generators.Model;

/// <summary>The class that names a part's slots.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Access">How accessible it is: <c>public</c> or <c>internal</c>.</param>
/// <param name="Base">The class of the blocks that a model repeats, whose slots are the model's too.</param>
/// <param name="BaseWeight">The stack's name in the checkpoint.</param>
/// <param name="Members">The slots, and the parts that have some.</param>
/// <param name="Holder">The name of the static class that holds the one instance, for a model whose bare name is free; else null.</param>
internal sealed record SlotsModel(string Name, string Access, string? Base, string BaseWeight, EquatableArray<SlotMemberModel> Members, string? Holder);

/// <summary>A slot, or a part that has some.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Weight">Its name in the checkpoint, or null where it adds none.</param>
/// <param name="Inner">The class that names the slots of a part; null for a slot.</param>
internal sealed record SlotMemberModel(string Name, string? Weight, string? Inner);
