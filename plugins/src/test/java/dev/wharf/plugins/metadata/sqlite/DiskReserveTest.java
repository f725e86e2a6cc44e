package dev.wharf.plugins.metadata.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskReserveTest {
    private final AtomicLong now = new AtomicLong();
    private Path database;
    private Path file;

    @BeforeEach
    void nameFiles(@TempDir Path directory) {
        database = directory.resolve("metadata.sqlite");
        file = directory.resolve("metadata.sqlite-reserve");
    }

    @Test
    void isTakenOnceThereIsRoomAndGivenUpOnce() {
        DiskReserve reserve = new DiskReserve(database, now::get);
        assertThat(reserve.release()).isFalse();
        reserve.restore();
        assertThat(file).hasSize(DiskReserve.BYTES);
        assertThat(reserve.release()).isTrue();
        assertThat(file).doesNotExist();
        assertThat(reserve.release()).isFalse();
    }

    @Test
    void isTakenAgainAsSoonAsThereIsRoom() {
        DiskReserve reserve = new DiskReserve(database, now::get);
        reserve.restore();
        reserve.release();
        reserve.restore();
        assertThat(file).hasSize(DiskReserve.BYTES);
    }

    @Test
    void isFoundByTheNextDaemon() {
        new DiskReserve(database, now::get).restore();
        assertThat(new DiskReserve(database, now::get).release()).isTrue();
    }
}
