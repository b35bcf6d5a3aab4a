namespace Ist.Runtime.Peft;

/// <summary>
/// A PEFT method: a struct that holds one slot's adapter, with static members that the JIT compiles into the part that
/// the method is a type argument of. A method implements the kinds of slot that it needs; of the others the default is
/// the bare layer, one direct call.
/// </summary>
/// <typeparam name="TSelf">The method itself.</typeparam>
public interface IPeft<TSelf> : ILinearPeft<TSelf>, IAttentionPeft<TSelf>, IEmbeddingPeft<TSelf>, IBranchPeft<TSelf> where TSelf : IPeft<TSelf>;
