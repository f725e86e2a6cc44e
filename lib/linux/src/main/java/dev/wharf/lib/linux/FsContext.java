package dev.wharf.lib.linux;

import static dev.wharf.lib.linux.ErrnoException.check;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * A file system being configured before it is mounted. Source: fsopen(2), fsconfig(2), fsmount(2).
 *
 * <p>Errors carry what the file system itself said about the reason. All calls can block on the device behind it.
 */
public final class FsContext implements AutoCloseable {
    /** The kernel refuses longer strings (PATH of 256 bytes with the terminator). */
    static final int MAX_STRING = 255;

    private static final int FSOPEN_CLOEXEC = 1;
    private static final int FSMOUNT_CLOEXEC = 1;
    private static final int SET_FLAG = 0;
    private static final int SET_STRING = 1;
    private static final int SET_FD = 5;
    private static final int CMD_CREATE = 6;
    private static final int CMD_RECONFIGURE = 7;
    private static final int MESSAGE_SIZE = 4096;
    private static final int MAX_MESSAGES = 8;

    private final Fd fd;
    private final String type;

    private FsContext(Fd fd, String type) {
        this.fd = fd;
        this.type = type;
    }

    /** Starts a file system of a type; ENODEV when the kernel has none such. */
    public static FsContext open(String type) {
        try (Arena arena = Arena.ofConfined()) {
            long result = Syscall.FSOPEN.call(Memory.string(arena, type).address(), FSOPEN_CLOEXEC);
            return new FsContext(Fd.adopt(check(result, "fsopen", type)), type);
        }
    }

    /** Sets an option with a value of up to 255 bytes; the key {@code source} names the device. */
    public void set(String key, String value) {
        try (Arena arena = Arena.ofConfined()) {
            configure(SET_STRING, key, Memory.string(arena, value).address(), 0, value);
        }
    }

    /** Sets an option that takes no value. */
    public void setFlag(String key) {
        configure(SET_FLAG, key, 0, 0, "");
    }

    /** Sets an option to an open file or directory; which options take one is up to the file system. */
    public void setFd(String key, Fd value) {
        configure(SET_FD, key, 0, value.number(), value.toString());
    }

    /** Makes the file system as configured. */
    public void create() {
        configure(CMD_CREATE, "", 0, 0, "create");
    }

    /** Applies the configuration to the existing file system. */
    public void reconfigure() {
        configure(CMD_RECONFIGURE, "", 0, 0, "reconfigure");
    }

    /**
     * Makes a mount of the created file system, which is not attached anywhere yet.
     *
     * @param attributes of {@link MountAttributes}
     */
    public MountTree mount(long attributes) {
        long result = Syscall.FSMOUNT.call(fd.number(), FSMOUNT_CLOEXEC, attributes);
        if (result < 0) {
            throw failure(result, "fsmount " + type);
        }
        return new MountTree(Fd.adopt(result), type);
    }

    private void configure(int command, String key, long value, int aux, String shown) {
        try (Arena arena = Arena.ofConfined()) {
            long name = key.isEmpty() ? 0 : Memory.string(arena, key).address();
            long result = Syscall.FSCONFIG.call(fd.number(), command, name, value, aux);
            if (result < 0) {
                throw failure(result, "fsconfig " + type + " " + key + " " + shown);
            }
        }
    }

    private ErrnoException failure(long result, String operation) {
        String messages = messages();
        int number = Math.toIntExact(-result);
        return messages.isEmpty()
                ? new ErrnoException(number, operation)
                : new ErrnoException(number, operation, messages);
    }

    /** Takes the lines the file system left; each starts with a letter for its severity. */
    private String messages() {
        StringBuilder text = new StringBuilder();
        byte[] line = new byte[MESSAGE_SIZE];
        try {
            for (int i = 0; i < MAX_MESSAGES; i++) {
                OptionalInt length = FileIo.tryRead(fd, line, 0, line.length);
                if (length.isEmpty() || length.getAsInt() == 0) {
                    break;
                }
                text.append(new String(line, 0, length.getAsInt(), StandardCharsets.UTF_8).strip())
                        .append("; ");
            }
        } catch (ErrnoException e) {
            // ENODATA: no more messages.
            return text.toString();
        }
        return text.toString();
    }

    /** Discards the configuration; mounts made from it stay. */
    @Override
    public void close() {
        fd.close();
    }
}
