package dev.wharf.cmd.wharf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.cmd.wharf.args.Syntax;
import dev.wharf.cmd.wharf.command.Commands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual page and what shells complete by, as the build writes them. */
final class ManualsTest {
    @TempDir
    Path share;

    @BeforeEach
    void write() throws IOException {
        Manuals.main(new String[] {share.toString()});
    }

    @Test
    void eachCommandAndWhatItTakesIsInThePage() throws IOException {
        String page = Files.readString(share.resolve("man/man1/wharf.1")).replace("\\-", "-");
        for (Map.Entry<String, Syntax> command : Commands.syntaxes().entrySet()) {
            int from = page.indexOf(".SS \"wharf " + command.getKey() + "\"\n");
            assertThat(from).as(command.getKey()).isNotNegative();
            String section = page.substring(from, page.indexOf("\n.S", from + 1));
            Syntax syntax = command.getValue();
            syntax.options()
                    .forEach(option -> assertThat(section)
                            .contains(option.names().stream()
                                    .map(name -> "\\fB" + name + "\\fR")
                                    .toList())
                            .contains(option.label(), option.description()));
            syntax.parameters()
                    .forEach(parameter ->
                            assertThat(section).contains("\\fI" + parameter.label() + "\\fR", parameter.description()));
        }
    }

    @Test
    void groffTakesThePageWithoutAWarning() throws Exception {
        String shown = output(
                "groff",
                "-man",
                "-Tascii",
                "-P-cbou",
                "-ww",
                share.resolve("man/man1/wharf.1").toString());
        assertThat(shown).contains("wharf - run containers", "--all-platforms").doesNotContain("warning", "error");
    }

    @Test
    void zshTakesItsFunction() throws Exception {
        String file = share.resolve("zsh/site-functions/_wharf").toString();
        assertThat(output("zsh", "-f", "-n", file)).isEmpty();
        assertThat(output(
                        "zsh",
                        "-f",
                        "-c",
                        "autoload -U compinit; compinit -D -u; source " + file + "; echo ${_comps[wharf]}"))
                .isEqualTo("_wharf\n");
    }

    @Test
    void fishCompletesCommandsTheirOptionsAndFiles() throws Exception {
        Path archive = Files.createFile(share.resolve("archive.tar"));
        assertThat(complete("wharf ver"))
                .containsExactly("version\ttell the versions of this program and of the daemon");
        assertThat(complete("wharf -n x pull --all"))
                .containsExactly("--all-platforms\twhat there is for all platforms");
        assertThat(complete("wharf load " + share + "/arch")).containsExactly(archive.toString());
        assertThat(complete("wharf rm " + share + "/arch")).isEmpty();
        assertThat(complete("wharf rm o")).containsExactly("one");
    }

    private List<String> complete(String line) throws Exception {
        String script = share.resolve("fish/vendor_completions.d/wharf.fish").toString();
        String program = "function wharf; test \"$argv\" = 'ps -q'; and printf 'one\\ntwo\\n'; end; ";
        return output("fish", "--no-config", "-c", program + "source " + script + "; complete -C '" + line + "'")
                .lines()
                .toList();
    }

    private String output(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", share.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
