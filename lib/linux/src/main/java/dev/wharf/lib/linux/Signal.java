package dev.wharf.lib.linux;

import java.util.Locale;
import java.util.OptionalInt;

/** The signals by name. Source: signal(7); x86_64 and aarch64 share the numbers. */
public enum Signal {
    SIGHUP(1),
    SIGINT(2),
    SIGQUIT(3),
    SIGILL(4),
    SIGTRAP(5),
    SIGABRT(6),
    SIGBUS(7),
    SIGFPE(8),
    SIGKILL(9),
    SIGUSR1(10),
    SIGSEGV(11),
    SIGUSR2(12),
    SIGPIPE(13),
    SIGALRM(14),
    SIGTERM(15),
    SIGSTKFLT(16),
    SIGCHLD(17),
    SIGCONT(18),
    SIGSTOP(19),
    SIGTSTP(20),
    SIGTTIN(21),
    SIGTTOU(22),
    SIGURG(23),
    SIGXCPU(24),
    SIGXFSZ(25),
    SIGVTALRM(26),
    SIGPROF(27),
    SIGWINCH(28),
    SIGIO(29),
    SIGPWR(30),
    SIGSYS(31);

    /** The first and last real-time signal as glibc numbers them. */
    private static final int RTMIN = 34;

    private static final int RTMAX = 64;

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** The number of the signal. */
    public int number() {
        return number;
    }

    /**
     * The number for what a person writes: a number, or a name in any case, with or without SIG, also {@code RTMIN+3}
     * and {@code RTMAX-2}.
     *
     * @return empty when there is no such signal
     */
    public static OptionalInt parse(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return name.length() <= 2 ? within(Integer.parseInt(name)) : OptionalInt.empty();
        }
        String bare = name.startsWith("SIG") ? name.substring(3) : name;
        for (Signal signal : values()) {
            if (signal.name().substring(3).equals(bare)) {
                return OptionalInt.of(signal.number);
            }
        }
        return switch (bare) {
            case "IOT" -> OptionalInt.of(SIGABRT.number);
            case "CLD" -> OptionalInt.of(SIGCHLD.number);
            case "POLL" -> OptionalInt.of(SIGIO.number);
            default -> realTime(bare);
        };
    }

    private static OptionalInt realTime(String name) {
        if (name.matches("RTMIN(\\+[0-9]{1,2})?")) {
            return realTime(RTMIN + offset(name));
        }
        return name.matches("RTMAX(-[0-9]{1,2})?") ? realTime(RTMAX - offset(name)) : OptionalInt.empty();
    }

    private static int offset(String name) {
        int digits = "RTMIN+".length();
        return name.length() < digits ? 0 : Integer.parseInt(name.substring(digits));
    }

    private static OptionalInt realTime(int number) {
        return number >= RTMIN ? within(number) : OptionalInt.empty();
    }

    private static OptionalInt within(int number) {
        return number >= 1 && number <= RTMAX ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
