package dev.wharf.e2e;

/** Stock {@code ctr} with what wharf brings itself: its own shim. */
final class StockCtrTest extends CtrCommands {
    @Override
    Daemon launch() {
        return Daemon.launch();
    }
}
