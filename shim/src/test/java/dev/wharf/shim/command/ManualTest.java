package dev.wharf.shim.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manual page of the shims beside what they and their launcher take. */
class ManualTest {
    private static final Path SOURCES = Path.of("../dist/src/main");
    private static final Pattern FLAG = Pattern.compile("(?<![A-Za-z0-9])-([a-z][a-z-]*)");
    private static final Pattern VARIABLE =
            Pattern.compile("\\b(WHARF_SHIM_[A-Z_]+|SHIM_SOCKET_DIR|SCHED_CORE|TTRPC_ADDRESS)");

    private static String page() throws IOException {
        return Files.readString(SOURCES.resolve("man/containerd-shim-wharf-v1.8"))
                .replace("\\-", "-");
    }

    private static String launcher() throws IOException {
        return Files.readString(SOURCES.resolve("bin/containerd-shim-wharf-v1"));
    }

    private static String section(String name) throws IOException {
        String page = page();
        int from = page.indexOf(".SH " + name + "\n");
        return page.substring(from, page.indexOf("\n.SH", from + 1));
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void flagsAreThoseOfTheProgram() throws IOException {
        String names =
                section("FLAGS").lines().filter(line -> line.startsWith(".B")).collect(Collectors.joining("\n"));
        Set<String> told = found(FLAG, names);
        Set<String> taken = Stream.concat(Flags.SWITCHES.stream(), Flags.VALUES.stream())
                .filter(name -> !Flags.INTERNAL.contains(name))
                .collect(Collectors.toSet());
        assertThat(told).isEqualTo(taken);
    }

    @Test
    void launcherTakesTheValuesOfTheSameFlags() throws IOException {
        String list = launcher()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("namespace | "))
                .findFirst()
                .orElseThrow();
        assertThat(Set.of(list.substring(0, list.length() - 1).split(" \\| ", -1)))
                .isEqualTo(Flags.VALUES.stream()
                        .filter(name -> !Flags.INTERNAL.contains(name))
                        .collect(Collectors.toSet()));
    }

    @Test
    void variablesAreThoseThatAreRead() throws IOException {
        StringBuilder sources = new StringBuilder(launcher());
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sources.append(Files.readString(file));
            }
        }
        assertThat(found(VARIABLE, section("ENVIRONMENT"))).isEqualTo(found(VARIABLE, sources.toString()));
    }

    @Test
    void actionsAreThoseOfTheLauncher() throws IOException {
        assertThat(page()).contains(".BR start | delete\n");
        assertThat(launcher()).contains("\n    start)\n", "\n    delete | \"\")\n");
    }
}
