using System.Runtime.InteropServices;

namespace Ist.Cli;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into a request to stop after the step at work; a second one ends the process at once, as
/// it would have without this class.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _onFirst;

    /// <summary>Listens until it is disposed.</summary>
    /// <param name="onFirst">Told of the first signal, on another thread.</param>
    public Interrupts(Action onFirst)
    {
        _onFirst = onFirst;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_stop.IsCancellationRequested)
            return;
        context.Cancel = true;
        _stop.Cancel();
        _onFirst();
    }
}
