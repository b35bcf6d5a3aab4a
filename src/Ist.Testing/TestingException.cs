namespace Ist.Testing;

/// <summary>What is tested is not as it should be. Any test framework reports it as a failure.</summary>
/// <param name="message">What differs, where, and by how much.</param>
public sealed class TestingException(string message) : Exception(message);
