package dev.wharf.cmd.wharfd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.cmd.wharfd.config.LoadedConfig;
import dev.wharf.cmd.wharfd.config.TomlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manual pages in dist say what the daemon does. */
final class ManualTest {
    private static final Path PAGES = Path.of("../../dist/src/main/man");

    /** Keys whose default depends on the machine, and those of a section that stands for any name. */
    private static final String CHANGING =
            "platforms|max_concurrent_unpacks|max_layers_at_once|uid|gid|accepts|returns|path|args|env";

    private static String page(String name) throws IOException {
        return Files.readString(PAGES.resolve(name)).replace("\\-", "-").replace("\\(aq", "'");
    }

    @ParameterizedTest
    @EnumSource
    void eachFlagIsTold(Options.Flag flag) throws IOException {
        String name = flag.name().toLowerCase(Locale.ROOT).replace('_', '-');
        assertThat(page("wharfd.8")).contains("--" + name + "\\fR");
    }

    @Test
    void eachCommandIsTold() throws IOException {
        String page = page("wharfd.8");
        assertThat(page).contains(".B config default\n", ".B config dump\n", ".B config migrate\n", ".B publish\n");
    }

    @Test
    void eachKeyOfTheConfigurationIsToldWithItsDefault() throws IOException {
        String page = page("wharfd-config.toml.5");
        String section = "KEYS\n";
        for (String line : TomlText.of(LoadedConfig.load(Optional.empty(), LoadedConfig.Overrides.NONE)
                        .effective())
                .lines()
                .map(String::strip)
                .toList()) {
            if (line.startsWith("[")) {
                section = line.startsWith("[stream_processors.") ? "[stream_processors.NAME]" : line;
            } else if (!line.isEmpty()) {
                isTold(page, section, line);
            }
        }
    }

    private static void isTold(String page, String section, String line) {
        String key = line.substring(0, line.indexOf(" = ")).replace("'", "");
        int from = page.indexOf(section);
        assertThat(from).as(section).isNotNegative();
        int end = page.indexOf("\n.SS", from);
        assertThat(page.substring(from, end))
                .as(section)
                .contains("\\fB" + key + "\\fR"
                        + (key.matches(CHANGING) ? "" : " [" + line.substring(line.indexOf(" = ") + 3) + "]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wharfd.8", "wharfd-config.toml.5", "containerd-shim-wharf-v1.8"})
    void groffTakesThePageWithoutAWarning(String name) throws IOException {
        Process groff = new ProcessBuilder(
                        "groff",
                        "-man",
                        "-Tascii",
                        "-P-cbou",
                        "-ww",
                        PAGES.resolve(name).toString())
                .redirectErrorStream(true)
                .start();
        groff.getOutputStream().close();
        String shown = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shown).contains("SEE ALSO").doesNotContain("warning", "error:");
    }
}
