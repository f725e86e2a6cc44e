package dev.wharf.testkit.content;

import dev.wharf.core.content.ContentStore;
import dev.wharf.testkit.clock.SettableClock;

/** Runs the contract of content stores against the one in memory, so that either can be trusted. */
class InMemoryContentStoreTest implements ContentStoreContract {
    private final InMemoryContentStore store = new InMemoryContentStore(new SettableClock());

    @Override
    public ContentStore store() {
        return store;
    }
}
