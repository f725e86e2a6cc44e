package dev.wharf.core.names;

import dev.wharf.core.error.ErrorKind;

/** The rule for identifiers: letters and digits in groups, joined by single {@code . _ -}, 1 to 76 bytes. */
public final class Identifiers {
    private static final int MAX_LENGTH = 76;

    private Identifiers() {}

    /** Answers {@code id}, or throws {@code INVALID_ARGUMENT} naming it and the rule it breaks. */
    public static String check(String id) {
        if (id.isEmpty()) {
            throw ErrorKind.INVALID_ARGUMENT.of("identifier must not be empty");
        }
        if (id.length() > MAX_LENGTH) {
            throw ErrorKind.INVALID_ARGUMENT.of(
                    "identifier \"" + id + "\" greater than maximum length (" + MAX_LENGTH + " characters)");
        }
        if (!isValid(id)) {
            throw ErrorKind.INVALID_ARGUMENT.of(
                    "identifier \"" + id + "\" must match ^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$");
        }
        return id;
    }

    /** Whether {@code id} is an identifier, apart from its length. */
    public static boolean isValid(String id) {
        boolean expectAlphanumeric = true;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (isAlphanumeric(c)) {
                expectAlphanumeric = false;
            } else if (expectAlphanumeric || (c != '.' && c != '_' && c != '-')) {
                return false;
            } else {
                expectAlphanumeric = true;
            }
        }
        return !expectAlphanumeric;
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
