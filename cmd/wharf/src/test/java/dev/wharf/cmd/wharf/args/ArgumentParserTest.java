package dev.wharf.cmd.wharf.args;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArgumentParserTest {
    private final Syntax syntax = syntax();

    private static Syntax syntax() {
        Syntax syntax = new Syntax();
        syntax.description("Does something that takes a long line to say, so long a line that it has to be broken.");
        syntax.flag("quietly", "-q", "--quiet");
        syntax.flag("with input", "-i", "--interactive");
        syntax.value("NAME", "its name", "-n", "--name");
        syntax.values("KEY=VALUE", "a variable", "-e", "--env");
        syntax.parameter("IMAGE", "of what");
        syntax.parameters(0, "COMMAND", "what to do");
        return syntax;
    }

    @ParameterizedTest
    @CsvSource({"--name x a", "--name=x a", "-n x a", "-nx a", "-qn x a", "-qnx a", "a --name x", "-n y -n x a"})
    void aValueIsGivenInEachWayPeopleKnow(String line) {
        Arguments given = parse(line.split(" ", -1));

        assertThat(given.text("--name")).isEqualTo("x");
        assertThat(given.parameter(0)).isEqualTo("a");
    }

    @Test
    void flagsMayStandInOneWordAndValuesMayBeEmptyOrLookLikeOptions() {
        Arguments given = parse("-qi", "--name=", "-e", "-q", "-e=1", "--env=A=b=c", "a");

        assertThat(given.has("--quiet")).isTrue();
        assertThat(given.has("--interactive")).isTrue();
        assertThat(given.text("--name", "other")).isEmpty();
        assertThat(given.texts("--env")).containsExactly("-q", "1", "A=b=c");
    }

    @Test
    void whatWasNotGivenIsEmptyOrWhatIsNamedInstead() {
        Arguments given = parse("a");

        assertThat(given.has("--quiet")).isFalse();
        assertThat(given.text("--name", "other")).isEqualTo("other");
        assertThat(given.texts("--env")).isEmpty();
        assertThat(given.parameters(1)).isEmpty();
        assertThat(given.parameter(7)).isEmpty();
    }

    @Test
    void afterTwoDashesAllAreParameters() {
        assertThat(parse("a", "--", "-q", "--", "x").parameters(1)).containsExactly("-q", "--", "x");
        assertThat(parse("a", "-").parameters(1)).containsExactly("-");
    }

    @Test
    void aCommandLineForSomebodyElseKeepsItsOptions() {
        syntax.optionsEndAtParameter();

        Arguments given = parse("-q", "a", "ls", "-l", "--name", "x");

        assertThat(given.parameters(1)).containsExactly("ls", "-l", "--name", "x");
        assertThat(given.text("--name")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nam x a   | unknown option --nam, did you mean --name?",
                "--nam=x a   | unknown option --nam, did you mean --name?",
                "-x a        | unknown option -x",
                "-qx a       | unknown option -x",
                "--name      | option --name needs a value: NAME",
                "-qn         | option -n needs a value: NAME",
                "--quiet=1 a | option --quiet takes no value",
                "-q          | IMAGE is missing",
            })
    void whatDoesNotFitIsNamed(String line, String complaint) {
        assertThatThrownBy(() -> parse(line.split(" ", -1)))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(complaint);
    }

    @Test
    void helpFitsATerminal() {
        String help = HelpText.of("wharf do", syntax);

        assertThat(help.lines()).allMatch(line -> line.length() <= 80);
        assertThat(help)
                .startsWith("Usage: wharf do [OPTIONS] IMAGE [COMMAND...]\nDoes something")
                .contains("\n  -n, --name NAME             its name\n");
    }

    private Arguments parse(String... line) {
        Arguments given = ArgumentParser.parse(syntax, List.of(line));
        ArgumentParser.check(syntax, given);
        return given;
    }
}
