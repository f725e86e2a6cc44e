package dev.wharf.cmd.shim.engine;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of the OCI runtime specification.
 *
 * @param major first number
 * @param minor second number
 * @param text as written, with what follows the two numbers
 */
record SpecVersion(int major, int minor, String text) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})\\.[0-9]{1,4}(-.*|\\+.*)?");

    static Optional<SpecVersion> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new SpecVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), text))
                : Optional.empty();
    }

    /** Whether it is of a later major or minor version. */
    boolean isNewerLineThan(SpecVersion other) {
        return major != other.major ? major > other.major : minor > other.minor;
    }
}
