package dev.wharf.e2e;

/** Restarts with what wharf brings itself: its own shim. */
final class RestartTest extends Restarts {
    @Override
    Daemon launch() {
        return Daemon.launch();
    }
}
