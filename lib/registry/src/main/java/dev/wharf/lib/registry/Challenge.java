package dev.wharf.lib.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a registry wants to see before it answers (WWW-Authenticate). Source: RFC 9110, "WWW-Authenticate".
 *
 * @param scheme in lower case, {@code bearer} or {@code basic}
 * @param parameters by name in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
    Challenge {
        parameters = Map.copyOf(parameters);
    }

    /** The challenges in the values of the header; what is not understood is left out. */
    static List<Challenge> parse(List<String> values) {
        List<Challenge> challenges = new ArrayList<>();
        values.forEach(value -> new Scanner(value).readInto(challenges));
        return challenges;
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Reads one header value: schemes, each followed by its parameters; commas stand between both. */
    private static final class Scanner {
        private final String text;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        void readInto(List<Challenge> challenges) {
            String word = word();
            while (!word.isEmpty()) {
                String scheme = word.toLowerCase(Locale.ROOT);
                Map<String, String> parameters = new TreeMap<>();
                word = word();
                while (!word.isEmpty() && peek() == '=') {
                    at++;
                    parameters.put(word.toLowerCase(Locale.ROOT), value());
                    word = word();
                }
                challenges.add(new Challenge(scheme, parameters));
            }
        }

        private String word() {
            while (peek() == ' ' || peek() == ',') {
                at++;
            }
            int start = at;
            while (isTokenCharacter(peek())) {
                at++;
            }
            return text.substring(start, at);
        }

        private static boolean isTokenCharacter(char c) {
            return c > ' ' && c < 0x7F && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
        }

        private String value() {
            if (peek() != '"') {
                int start = at;
                while (peek() != '\0' && peek() != ',' && peek() != ' ') {
                    at++;
                }
                return text.substring(start, at);
            }
            at++;
            StringBuilder value = new StringBuilder();
            while (peek() != '\0' && peek() != '"') {
                if (peek() == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at++));
            }
            at = Math.min(at + 1, text.length());
            return value.toString();
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }
    }
}
