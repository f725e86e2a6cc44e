package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Makes exceptions from answers that are no success. Source: OCI distribution specification, "Error Codes". */
final class ResponseFailures {
    private static final int MAX_BODY = 8 << 10;

    private ResponseFailures() {}

    /** The failure an answer stands for; reads and closes its body. {@code what} was asked. */
    static RegistryException of(Answer answer, String what) {
        int status = answer.status();
        String said = message(answer.start(MAX_BODY));
        String after = answer.header("Retry-After");
        String retry = after.isEmpty() ? "" : " (Retry-After: " + ConnectionFailures.shown(after) + ")";
        String text = what + ": status " + status + retry + (said.isEmpty() ? "" : ": " + said) + advice(status);
        return new RegistryException(kind(status), status, text, null);
    }

    private static Kind kind(int status) {
        return switch (status) {
            case 401 -> Kind.UNAUTHORIZED;
            case 403 -> Kind.FORBIDDEN;
            case 404, 410 -> Kind.NOT_FOUND;
            case 408 -> Kind.TIMEOUT;
            case 429 -> Kind.RATE_LIMITED;
            default -> status >= 500 ? Kind.UNAVAILABLE : Kind.INVALID;
        };
    }

    private static String advice(int status) {
        return switch (status) {
            case 401 -> "; log in, or check user and password";
            case 403 -> "; ask the owner of the repository for access, or check its name";
            case 400 -> "; an encrypted registry answers plain HTTP so: check the scheme of its URL";
            case 404 -> "; check the name and the tag";
            case 429 -> "; wait, or log in for a higher limit";
            default -> status >= 500 ? "; the registry fails, try again later" : "";
        };
    }

    /** The first message of an error document; empty when the body is something else. */
    private static String message(byte[] body) {
        try {
            JsonNode document = Json.object(body, "error");
            JsonNode errors = document.get("errors");
            if (errors == null || !errors.isArray() || errors.isEmpty()) {
                return ConnectionFailures.shown(Json.text(document, "details"));
            }
            JsonNode first = errors.get(0);
            return ConnectionFailures.shown((Json.text(first, "code") + " " + Json.text(first, "message")).strip());
        } catch (RegistryException e) {
            return plainText(body);
        }
    }

    /** What a server that speaks no JSON says, if it is one short line, as of a proxy or of a Go server. */
    private static String plainText(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        boolean markup = text.startsWith("<") || text.startsWith("{");
        return markup || text.indexOf('\n') >= 0 ? "" : ConnectionFailures.shown(text);
    }

    /** The wait a server asks for, in seconds or as a date; never negative. Source: RFC 9110, "Retry-After". */
    static Optional<Duration> retryAfter(Answer answer, InstantSource clock) {
        return answer.headers().first("Retry-After").map(value -> {
            if (!value.isEmpty() && value.length() <= 9 && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Duration.ofSeconds(Long.parseLong(value));
            }
            return untilDate(value, clock);
        });
    }

    private static Duration untilDate(String value, InstantSource clock) {
        try {
            ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration left = Duration.between(clock.instant(), date.toInstant());
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeException e) {
            return Duration.ofSeconds(1);
        }
    }
}
