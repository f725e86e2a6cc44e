package dev.wharf.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Wharf's own shim, killed at random moments, alone and together with the daemon, while containers start, print, execute
 * and exit, some of them with a terminal: none dies of it, every end is told once and with the right code, and nothing is
 * left in the end.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class ShimDeathTest {
    private static final int CONTAINERS = Settings.count("shim.containers", 12);
    private static final int TERMINALS = Settings.count("shim.terminals", 2);
    private static final int DEATHS = Settings.count("shim.deaths", 5);
    private static final int CLIENTS = Settings.count("shim.clients", 3);
    private static final int LONGEST_LIFE_MILLIS = 1500;

    /** Codes that no client has of its own. */
    private static final int FIRST_CODE = 10;

    private static final int CODES = 80;
    private static final Pattern ENDED =
            Pattern.compile("/tasks/exit \\{\"container_id\":\"([^\"]+)\",\"id\":\"([^\"]+)\".*\"exit_status\":(\\d+)");

    private final Random random = new Random(Settings.seed());
    private final AtomicInteger ids = new AtomicInteger();

    /** Codes that clients saw, by process. */
    private final Map<String, Integer> seen = new ConcurrentHashMap<>();

    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final Queue<AssertionError> failures = new ConcurrentLinkedQueue<>();
    private final List<TerminalContainer> terminals = new ArrayList<>();
    private Daemon daemon;
    private volatile boolean working;

    @BeforeEach
    void start() {
        daemon = Daemon.launchIn("wharf-shim");
        daemon.ctr("images", "import", BusyboxImage.archive(daemon.directory()).toString())
                .ok();
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void noContainerNoticesTheDeathOfItsShim() throws Exception {
        startSleepers();
        startTerminals();
        String before = sleepers();
        Path events = daemon.directory().resolve("events");
        Process listening = listen(events);
        try {
            List<Thread> clients = letClientsWork();
            for (int death = 0; death < DEATHS; death++) {
                Thread.sleep(random.nextInt(100, LONGEST_LIFE_MILLIS));
                daemon.shim().ifPresent(ProcessHandle::destroyForcibly);
                terminals.forEach(TerminalContainer::works);
            }
            working = false;
            for (Thread client : clients) {
                client.join();
            }
            assertThat(failures).isEmpty();
            assertThat(sleepers()).as(daemon.logText()).isEqualTo(before);
            System.out.println(seen.size() + " processes ended, " + refusals.size() + " were refused: " + refusals);
            assertThat(seen).as("what ran, beside %s", refusals).isNotEmpty();
            awaitEnds(events);
        } finally {
            listening.destroyForcibly();
        }
        endTerminals();
        endSleepers();
        new Remains(daemon).areNoneOnceAllIsDeleted();
    }

    @Test
    void noContainerNoticesTheDeathOfShimAndDaemonAtOnce() throws InterruptedException {
        startSleepers();
        startTerminals();
        String before = sleepers();
        daemon.ctr("run", "-d", "--null-io", BusyboxImage.NAME, "ends", "sh", "-c", "sleep 1; exit 42")
                .ok();
        for (int death = 0; death < DEATHS; death++) {
            Optional<ProcessHandle> shim = daemon.shim();
            shim.ifPresent(ProcessHandle::destroyForcibly);
            daemon.kill();
            Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
            daemon.start();
            assertThat(sleepers()).as(daemon.logText()).isEqualTo(before);
            terminals.forEach(TerminalContainer::works);
        }
        Programs.await(
                "the end of a container",
                () -> daemon.ctr("tasks", "ls").ok().out().contains("STOPPED"));
        assertThat(daemon.ctr("tasks", "rm", "ends").ok().err()).contains("exit code 42");
        assertThat(daemon.ctr("tasks", "exec", "--exec-id", "x", "sleeper0", "echo", "alive")
                        .ok()
                        .out())
                .isEqualTo("alive\n");
        endTerminals();
        endSleepers();
        new Remains(daemon).areNoneOnceAllIsDeleted();
    }

    private void startSleepers() {
        Gathering.of(
                        CONTAINERS,
                        number -> daemon.ctr(
                                "run",
                                "-d",
                                "--null-io",
                                BusyboxImage.NAME,
                                "sleeper" + number,
                                "sh",
                                "-c",
                                "while true; do sleep 1; done"))
                .forEach(Programs.Result::ok);
    }

    private void startTerminals() {
        for (int number = 0; number < TERMINALS; number++) {
            terminals.add(TerminalContainer.start(daemon, "terminal" + number));
        }
        terminals.forEach(TerminalContainer::works);
    }

    private void endTerminals() {
        terminals.forEach(TerminalContainer::endsRight);
        terminals.forEach(TerminalContainer::close);
    }

    /** Which of them run, with their processes. */
    private String sleepers() {
        return daemon.ctr("tasks", "ls").ok().lines().stream()
                .filter(line -> line.startsWith("sleeper"))
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private void endSleepers() {
        Gathering.of(CONTAINERS, number -> daemon.ctr("tasks", "kill", "-s", "SIGKILL", "sleeper" + number))
                .forEach(Programs.Result::ok);
        Programs.await(
                "the sleepers to end",
                () -> !daemon.ctr("tasks", "ls").ok().out().contains("RUNNING"));
        for (int number = 0; number < CONTAINERS; number++) {
            assertThat(daemon.ctr("tasks", "rm", "sleeper" + number).ok().err()).contains("exit code 137");
        }
    }

    private Process listen(Path events) {
        try {
            return new ProcessBuilder(daemon.ctrCommand(daemon.namespace(), "events"))
                    .redirectErrorStream(true)
                    .redirectOutput(events.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Thread> letClientsWork() {
        working = true;
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            Random choices = new Random(random.nextLong());
            clients.add(Thread.ofPlatform().name("client-" + client).start(() -> {
                while (working && failures.isEmpty()) {
                    try {
                        work(choices);
                    } catch (AssertionError e) {
                        failures.add(e);
                    }
                }
            }));
        }
        return clients;
    }

    private void work(Random choices) {
        int code = FIRST_CODE + choices.nextInt(CODES);
        String id = "p" + ids.incrementAndGet();
        String script = "echo out " + id + "; exit " + code;
        Programs.Result result = choices.nextBoolean()
                ? daemon.ctr("run", BusyboxImage.NAME, id, "sh", "-c", script)
                : daemon.ctr(
                        "tasks", "exec", "--exec-id", id, "sleeper" + choices.nextInt(CONTAINERS), "sh", "-c", script);
        if (result.exit() >= FIRST_CODE) {
            assertThat(result.exit()).as(result.toString()).isEqualTo(code);
            assertThat(result.out()).as(result.toString()).isEqualTo("out " + id + "\n");
            seen.put(id, code);
        } else {
            refusals.add(result.err());
        }
    }

    /** Every end a client saw is told once, with its code, and none is told twice. */
    private void awaitEnds(Path events) {
        Function<List<String>, Map<String, List<String>>> byProcess =
                ends -> ends.stream().collect(Collectors.groupingBy(end -> end.split(" ")[0]));
        Programs.await(
                "all ends to be told: " + seen,
                () -> byProcess.apply(ends(events)).keySet().containsAll(seen.keySet()));
        Map<String, List<String>> told = byProcess.apply(ends(events));
        told.forEach((id, ends) ->
                assertThat(ends).as("told once: %s", lines(events, id)).hasSize(1));
        seen.forEach((id, code) -> assertThat(told.get(id)).containsExactly(id + " " + code));
    }

    private static String lines(Path events, String id) {
        try {
            return Files.readAllLines(events).stream()
                    .filter(line -> line.contains("\"" + id + "\""))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> ends(Path events) {
        try {
            return Files.readAllLines(events).stream()
                    .map(ENDED::matcher)
                    .filter(Matcher::find)
                    .map(found -> found.group(2) + " " + found.group(3))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
