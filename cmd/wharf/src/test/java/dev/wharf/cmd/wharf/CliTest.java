package dev.wharf.cmd.wharf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.cmd.wharf.command.Commands;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What needs no daemon: help, and command lines that are refused. */
final class CliTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void helpListsAllCommandsAndEachHasHelp() {
        assertThat(run("--help")).isZero();
        for (String command : Commands.descriptions().keySet()) {
            assertThat(text(out)).contains("\n  " + command + " ");
            assertThat(run(command, "--help")).as(command).isZero();
            assertThat(text(out)).contains("Usage: wharf " + command);
        }
        assertThat(text(err)).isEmpty();
    }

    @Test
    void withoutACommandHelpGoesToErrorAndItFails() {
        assertThat(run()).isEqualTo(2);
        assertThat(text(err)).startsWith("Usage: wharf");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pss                        | unknown command pss, did you mean ps?",
                "frobnicate                 | unknown command frobnicate; see: wharf --help",
                "--namspace x ps            | unknown option --namspace, did you mean --namespace?",
                "ps --quite                 | unknown option --quite, did you mean --quiet?",
                "ps extra                   | unexpected argument extra",
                "run                        | IMAGE is missing; see: wharf run --help",
                "exec c                     | COMMAND is missing; see: wharf exec --help",
                "ps --format yaml           | --format is table or json",
                "run -d -t image            | --detach goes neither with --tty",
                "run --tty image            | --tty needs a terminal",
                "kill                       | CONTAINER is missing",
                "run --nmae x image         | unknown option --nmae, did you mean --name?",
                "run -dz image              | unknown option -z",
                "kill --signal              | option --signal needs a value: SIGNAL",
                "ps --quiet=yes             | option --quiet takes no value",
                "pull --all-platforms --platform linux/arm64 x | --all-platforms does not go with --platform",
            })
    void whatCannotBeMeantIsRefusedInOneLine(String line, String complaint) {
        assertThat(run(line.split(" ", -1))).isEqualTo(2);
        assertThat(text(err)).startsWith("wharf: ").contains(complaint);
        assertThat(text(err).lines()).hasSize(1);
    }

    @Test
    void bashCompletesCommandsAndTheirOptions() throws Exception {
        assertThat(run("completion")).isZero();
        String completed = text(out)
                + "COMP_WORDS=(wharf -n x pull --all); COMP_CWORD=4; _wharf; echo \"${COMPREPLY[*]}\"\n"
                + "COMP_WORDS=(wharf ver); COMP_CWORD=1; _wharf; echo \"${COMPREPLY[*]}\"\n";
        Process bash = new ProcessBuilder("bash", "-c", completed)
                .redirectErrorStream(true)
                .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("--all-platforms\nversion\n");
    }

    @Test
    void aMissingDaemonIsToldWithWhatToDo() {
        assertThat(run("-a", "/nonexistent/wharfd.sock", "ps")).isEqualTo(1);
        assertThat(text(err))
                .contains("/nonexistent/wharfd.sock", "is wharfd running?", "--address")
                .hasLineCount(1);
    }

    @Test
    void optionsOfAllCommandsMayStandBeforeOrAfterAndTheLastCounts() {
        assertThat(run("--address", "/nonexistent/a", "ps", "--address=/nonexistent/b"))
                .isEqualTo(1);
        assertThat(text(err)).contains("/nonexistent/b").doesNotContain("/nonexistent/a");
    }

    @Test
    void theEnvironmentNamesTheDaemon() {
        Cli cli = new Cli(stream(out), stream(err), Map.of("CONTAINERD_ADDRESS", "/nonexistent/env"));

        assertThat(cli.run(List.of("ps"))).isEqualTo(1);
        assertThat(text(err)).contains("/nonexistent/env");
    }

    private int run(String... args) {
        return new Cli(stream(out), stream(err), Map.of()).run(List.of(args));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, false, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
