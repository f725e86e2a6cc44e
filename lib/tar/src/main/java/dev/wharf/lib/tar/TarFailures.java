package dev.wharf.lib.tar;

/** The failures of reading an archive, all in the same words. */
final class TarFailures {
    private static final int SHOWN = 200;

    private TarFailures() {}

    static TarException malformed(String entry, String what) {
        return new TarException(TarException.Kind.MALFORMED, "tar entry " + quoted(entry) + ": " + what);
    }

    static TarException tooMuch(String entry, String what, long found, long allowed) {
        return new TarException(
                TarException.Kind.TOO_MUCH,
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
