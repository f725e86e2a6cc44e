package dev.wharf.e2e;

/** Stock {@code ctr} with the stock Go shim. */
final class StockCtrOverGoShimTest extends CtrCommands {
    @Override
    Daemon launch() {
        return Daemon.launchOverGoShim();
    }
}
