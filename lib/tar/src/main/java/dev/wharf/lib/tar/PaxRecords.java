package dev.wharf.lib.tar;

import dev.wharf.lib.linux.FileNames;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of one extended header, their values as bytes. Source: POSIX.1-2017 pax, "pax Extended Header".
 *
 * <p>A record reads {@code <length> <key>=<value>\n}, the length counting all of it.
 */
final class PaxRecords {
    static final PaxRecords NONE = new PaxRecords("");

    static final String SCHILY_XATTR = "SCHILY.xattr.";
    private static final String LIBARCHIVE_XATTR = "LIBARCHIVE.xattr.";
    private static final int LENGTH_DIGITS = 10;

    /** Keys GNU's sparse format 0.0 repeats, a pair for each segment. */
    private static final List<String> REPEATED = List.of("GNU.sparse.offset", "GNU.sparse.numbytes");

    private final String entry;
    private final Map<String, byte[]> values = new LinkedHashMap<>();
    private final List<String> sparsePairs = new ArrayList<>();

    private PaxRecords(String entry) {
        this.entry = entry;
    }

    static PaxRecords parse(byte[] header, String entry) {
        PaxRecords records = new PaxRecords(entry);
        int at = 0;
        while (at < header.length) {
            at = records.record(header, at);
        }
        return records;
    }

    private int record(byte[] header, int start) {
        int blank = indexOf(header, ' ', start, Math.min(header.length, start + LENGTH_DIGITS + 1));
        int end = start + length(header, start, blank);
        int equals = indexOf(header, '=', blank + 1, end);
        if (end > header.length || equals == blank + 1 || header[end - 1] != '\n') {
            throw malformed();
        }
        String key = FileNames.decode(Arrays.copyOfRange(header, blank + 1, equals));
        byte[] value = Arrays.copyOfRange(header, equals + 1, end - 1);
        if (REPEATED.contains(key)) {
            addSparse(key, value);
        } else {
            values.put(key, value);
        }
        return end;
    }

    private void addSparse(String key, byte[] value) {
        if (sparsePairs.size() % 2 != REPEATED.indexOf(key)) {
            throw malformed();
        }
        sparsePairs.add(ascii(value));
    }

    private int length(byte[] header, int start, int blank) {
        String digits = new String(header, start, blank - start, StandardCharsets.ISO_8859_1);
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed();
        }
        long length = Long.parseLong(digits);
        if (length <= digits.length() + 2L || length > header.length - start) {
            throw malformed();
        }
        return (int) length;
    }

    private int indexOf(byte[] bytes, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        throw malformed();
    }

    private RuntimeException malformed() {
        return TarFailures.malformed(entry, "malformed extended header");
    }

    /** A value that is a name, or {@code otherwise} when there is none; an empty value counts as none. */
    String name(String key, String otherwise) {
        byte[] value = values.get(key);
        return value == null || value.length == 0 ? otherwise : FileNames.decode(value);
    }

    /** A value that is a decimal number of at most 18 digits, or {@code otherwise} when there is none. */
    long number(String key, long otherwise) {
        byte[] value = values.get(key);
        return value == null || value.length == 0 ? otherwise : decimal(ascii(value));
    }

    private long decimal(String text) {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw TarFailures.malformed(entry, "not a number in its extended header: " + TarFailures.quoted(text));
        }
        return Long.parseLong(text);
    }

    /** A time in seconds with a fraction, or {@code otherwise} when there is none. */
    @Nullable
    Instant time(String key, @Nullable Instant otherwise) {
        byte[] value = values.get(key);
        if (value == null || value.length == 0) {
            return otherwise;
        }
        String text = ascii(value);
        boolean negative = text.startsWith("-");
        String[] parts = (negative ? text.substring(1) : text).split("\\.", 2);
        long seconds = decimal(parts[0]);
        String digits = parts.length == 1 ? "" : parts[1];
        long nanos = decimal((digits + "000000000").substring(0, 9));
        if (seconds > Instant.MAX.getEpochSecond() - 1) {
            throw TarFailures.malformed(entry, "time is out of range");
        }
        return negative ? Instant.ofEpochSecond(-seconds, -nanos) : Instant.ofEpochSecond(seconds, nanos);
    }

    /** The offsets and lengths of segments as sparse formats 0.0 and 0.1 write them, or null when there are none. */
    @Nullable
    List<Long> sparseNumbers() {
        byte[] map = values.get("GNU.sparse.map");
        if (map != null) {
            String text = ascii(map);
            return text.isEmpty()
                    ? List.of()
                    : Arrays.stream(text.split(",", -1)).map(this::decimal).toList();
        }
        return sparsePairs.isEmpty()
                ? null
                : sparsePairs.stream().map(this::decimal).toList();
    }

    /** Extended attributes: star's records, and libarchive's for names star's do not give. */
    Map<String, byte[]> xattrs() {
        Map<String, byte[]> found = new HashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(LIBARCHIVE_XATTR)) {
                found.put(percentDecoded(key.substring(LIBARCHIVE_XATTR.length())), base64(value));
            }
        });
        values.forEach((key, value) -> {
            if (key.startsWith(SCHILY_XATTR)) {
                found.put(key.substring(SCHILY_XATTR.length()), value);
            }
        });
        return found;
    }

    private String percentDecoded(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private byte[] base64(byte[] value) {
        try {
            return Base64.getMimeDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static String ascii(byte[] value) {
        return new String(value, StandardCharsets.ISO_8859_1);
    }
}
