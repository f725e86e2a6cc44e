package dev.wharf.lib.registry.config;

import dev.wharf.lib.registry.Credentials;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program {@code docker-credential-<name>} that knows passwords. Source: docker-credential-helpers, "Usage": it gets the
 * server on its standard input and answers with JSON.
 */
final class CredentialHelper {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MAX_OUTPUT = 64 << 10;
    private static final int MAX_SHOWN = 200;
    private static final String NOT_FOUND = "credentials not found";
    private static final String TOKEN_USER = "<token>";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String program;
    private final Duration deadline;

    /**
     * The helper of a name.
     *
     * @param directory where the program is; empty to search the PATH
     */
    CredentialHelper(String name, Optional<Path> directory, Duration deadline) {
        if (!NAME.matcher(name).matches()) {
            throw new RegistryException(Kind.INVALID, "credential helper name in config.json is not valid");
        }
        String file = "docker-credential-" + name;
        this.program = directory.map(where -> where.resolve(file).toString()).orElse(file);
        this.deadline = deadline;
    }

    /** What it knows of a server; empty when it knows nothing. */
    Optional<Credentials> get(String server) {
        try {
            Process process = new ProcessBuilder(program, "get")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                return answer(process, server);
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw failed("cannot be run; is it installed and in the PATH?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(Kind.INTERRUPTED, program + ": interrupted", e);
        }
    }

    private Optional<Credentials> answer(Process process, String server) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        byte[] output = output(process, server);
        boolean done = process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (!done) {
            throw failed("gave no answer within " + deadline, null);
        }
        if (output.length > MAX_OUTPUT) {
            throw failed("answered more than " + MAX_OUTPUT + " bytes", null);
        }
        return process.exitValue() == 0 ? parse(output) : refused(output, process.exitValue());
    }

    /** Writes the question and reads the answer, both within the deadline. */
    private byte[] output(Process process, String server) throws InterruptedException {
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        try {
            executor.execute(() -> ask(process, server));
            Future<byte[]> output = executor.submit(() -> {
                try (InputStream out = process.getInputStream()) {
                    return out.readNBytes(MAX_OUTPUT + 1);
                }
            });
            return output.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failed("its answer cannot be read", e.getCause());
        } catch (TimeoutException e) {
            throw failed("gave no answer within " + deadline, e);
        } finally {
            executor.shutdownNow();
        }
    }

    /** A helper that does not read the question says why by what it writes and its exit status. */
    private static void ask(Process process, String server) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return;
        }
    }

    private Optional<Credentials> refused(byte[] output, int status) {
        String said = new String(output, StandardCharsets.UTF_8).strip();
        if (said.contains(NOT_FOUND)) {
            return Optional.empty();
        }
        String shown = said.length() > MAX_SHOWN ? said.substring(0, MAX_SHOWN) : said;
        throw failed("failed with status " + status + ": " + shown.replaceAll("\\p{Cntrl}", " "), null);
    }

    private Optional<Credentials> parse(byte[] output) {
        JsonNode answer;
        try {
            answer = JSON.readTree(output);
        } catch (JacksonException e) {
            // Without the cause, which can show a part of the secret.
            throw failed("answered no valid JSON", null);
        }
        String user = text(answer, "Username");
        String secret = text(answer, "Secret");
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Credentials(user.equals(TOKEN_USER) ? "" : user, secret));
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.get(field);
        return value != null && value.isString() ? value.stringValue() : "";
    }

    private RegistryException failed(String how, @Nullable Throwable cause) {
        return new RegistryException(Kind.UNAUTHORIZED, 0, "credential helper " + program + " " + how, cause);
    }
}
