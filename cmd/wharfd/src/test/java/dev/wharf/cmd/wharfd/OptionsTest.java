package dev.wharf.cmd.wharfd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wharf.cmd.wharfd.Options.Command;
import dev.wharf.cmd.wharfd.Options.Flag;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "--config /c -a /a.sock",
                "-config=/c --address=/a.sock",
                "-c=/c -address /a.sock",
                "-c /c -a=/a.sock"
            })
    void flagsAreReadAsGoReadsThem(String line) {
        Options options = Options.parse(List.of(line.split(" ", -1)));
        assertThat(options.command()).isEqualTo(Command.RUN);
        assertThat(options.configFile()).contains(Path.of("/c"));
        assertThat(options.flag(Flag.ADDRESS)).contains("/a.sock");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "config default, CONFIG_DEFAULT",
        "config dump, CONFIG_DUMP",
        "-c /x config migrate, CONFIG_MIGRATE",
        "--version, VERSION",
        "-v, VERSION",
        "-h, HELP",
        "config --help, HELP",
        "--address /a publish --topic /t --namespace n, PUBLISH"
    })
    void commandsAreFound(String line, Command command) {
        assertThat(Options.parse(List.of(line.split(" ", -1))).command()).isEqualTo(command);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "--nix, unknown flag --nix",
        "-r, unknown flag -r",
        "--root, flag --root needs a value",
        "config, unknown command 'config'",
        "start, unknown command 'start'"
    })
    void mistakesAreNamed(String line, String message) {
        assertThatExceptionOfType(Options.UsageException.class)
                .isThrownBy(() -> Options.parse(List.of(line.split(" ", -1))))
                .withMessageStartingWith(message);
    }

    @Test
    void flagsBecomeOverrides() {
        var overrides = Options.parse(List.of("--root", "/r", "--state=/s", "-l", "debug"))
                .overrides();
        assertThat(overrides.root()).contains("/r");
        assertThat(overrides.state()).contains("/s");
        assertThat(overrides.level()).contains("debug");
        assertThat(overrides.address()).isEmpty();
    }
}
