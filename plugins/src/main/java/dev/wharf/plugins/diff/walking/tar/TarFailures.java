package dev.wharf.plugins.diff.walking.tar;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;

/** The failures of reading an archive, all in the same words. */
final class TarFailures {
    private static final int SHOWN = 200;

    private TarFailures() {}

    static WharfException malformed(String entry, String what) {
        return ErrorKind.INVALID_ARGUMENT.of("tar entry " + quoted(entry) + ": " + what);
    }

    static WharfException tooMuch(String entry, String what, long found, long allowed) {
        return ErrorKind.RESOURCE_EXHAUSTED.of(
                "tar entry " + quoted(entry) + ": " + what + " is " + found + ", the bound is " + allowed);
    }

    /** The name for a message: short, and without characters that disturb a log. */
    static String quoted(String name) {
        String part = name.length() > SHOWN ? name.substring(0, SHOWN) + "…" : name;
        StringBuilder text = new StringBuilder("\"");
        part.chars().forEach(c -> text.append(Character.isISOControl(c) || isLoneSurrogate(c) ? '?' : (char) c));
        return text.append('"').toString();
    }

    private static boolean isLoneSurrogate(int c) {
        return c >= 0xDC80 && c <= 0xDCFF;
    }
}
