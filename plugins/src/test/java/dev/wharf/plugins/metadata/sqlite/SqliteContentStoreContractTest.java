package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.content.ContentStore;
import dev.wharf.testkit.content.ContentStoreContract;
import dev.wharf.testkit.dirs.TempDirs;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.RegisterExtension;

class SqliteContentStoreContractTest implements ContentStoreContract {
    @Order(1)
    @RegisterExtension
    final TempDirs dirs = TempDirs.create();

    @Order(2)
    @RegisterExtension
    final MetadataFixture metadata = new MetadataFixture(dirs.root());

    @Override
    public ContentStore store() {
        return metadata.content;
    }
}
