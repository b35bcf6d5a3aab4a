namespace Ist.Ptx.Instructions;

internal enum VoteMode
{
    All,
    Any,
    Uniform,
    Ballot,
}
