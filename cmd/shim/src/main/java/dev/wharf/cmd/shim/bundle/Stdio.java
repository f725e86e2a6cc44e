package dev.wharf.cmd.shim.bundle;

import dev.wharf.shim.json.JsonObject;

/**
 * Where the standard streams of a process go, as the client named it; "" for nowhere.
 *
 * @param stdin path of a fifo
 * @param stdout path of a fifo or file, or a URI whose scheme says what it is
 * @param stderr as stdout; unused with a terminal
 * @param terminal whether the process has a terminal
 */
public record Stdio(String stdin, String stdout, String stderr, boolean terminal) {
    /** Nowhere. */
    public static final Stdio NONE = new Stdio("", "", "", false);

    /** Whether no stream goes anywhere. */
    public boolean isNull() {
        return stdin.isEmpty() && stdout.isEmpty() && stderr.isEmpty();
    }

    JsonObject toJson() {
        return JsonObject.empty()
                .withUnlessEmpty("stdin", stdin)
                .withUnlessEmpty("stdout", stdout)
                .withUnlessEmpty("stderr", stderr)
                .withUnlessEmpty("terminal", terminal);
    }

    static Stdio ofJson(JsonObject json) {
        return new Stdio(json.string("stdin"), json.string("stdout"), json.string("stderr"), json.flag("terminal"));
    }
}
