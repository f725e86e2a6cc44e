package dev.wharf.plugins.metadata.sqlite;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** Says what a failure of SQLite means, naming the file. */
final class SqliteFailures {
    private final Path file;

    SqliteFailures(Path file) {
        this.file = file;
    }

    /** The failure to throw instead. */
    WharfException of(String doing, SQLException failure) {
        String where = doing + " metadata database " + file + ": ";
        return switch (primaryCode(failure)) {
            case FULL ->
                ErrorKind.RESOURCE_EXHAUSTED.of(where + "no space left on device; free some and try again", failure);
            case CORRUPT, NOT_A_DATABASE -> damaged(file, String.valueOf(failure.getMessage()), failure);
            case BUSY, LOCKED -> ErrorKind.UNAVAILABLE.of(where + "another process has it locked", failure);
            default -> ErrorKind.INTERNAL.of(where + failure.getMessage(), failure);
        };
    }

    /** What to throw when the file is not what it was written as. */
    static WharfException damaged(Path file, String detail, Throwable cause) {
        return ErrorKind.DATA_LOSS.of(damage(file, detail), cause);
    }

    /** As the other, when a check found it. */
    static WharfException damaged(Path file, String detail) {
        return ErrorKind.DATA_LOSS.of(damage(file, detail));
    }

    private static String damage(Path file, String detail) {
        return "metadata database " + file + " is damaged (" + detail.strip() + "); put a copy of it back, or move it "
                + "and its -wal and -shm files away to start with empty metadata";
    }

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int NOT_A_DATABASE = 26;

    private static int primaryCode(SQLException failure) {
        int code = failure instanceof SQLiteException sqlite ? sqlite.getResultCode().code : failure.getErrorCode();
        return code & 0xff;
    }
}
