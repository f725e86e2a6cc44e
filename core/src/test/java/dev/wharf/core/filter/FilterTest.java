package dev.wharf.core.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FilterTest {
    private static final Fields OBJECT = path -> switch (path.getFirst()) {
        case "name" -> Fields.leaf(path, "docker.io/library/busybox:latest");
        case "empty" -> Fields.leaf(path, "");
        case "labels" ->
            Fields.key(path, Map.of("foo", "bar", "io.example/key", "a value", "quote", "say \"hi\", all"));
        default -> java.util.Optional.empty();
    };

    private static boolean matches(String... filters) {
        return Filter.parse(Arrays.asList(filters)).matches(OBJECT);
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(delimiter = '§', textBlock = """
        name                                             § true
        empty                                            § false
        missing                                          § false
        name==docker.io/library/busybox:latest           § true
        name == docker.io/library/busybox:latest         § true
        name==busybox                                    § false
        name!=busybox                                    § true
        missing!=x                                       § true
        missing==x                                       § false
        name~=busybox                                    § true
        name~=^busybox                                   § false
        name~=/library\\/.*:latest/                      § true
        name~=|library/b[u-z]+|                          § true
        labels.foo==bar                                  § true
        labels.foo==bar,name~=latest                     § true
        labels.foo==bar,name~=oldest                     § false
        labels."io.example/key"=="a value"               § true
        labels."io.example/key"                          § true
        labels.quote=="say \\"hi\\", all"                § true
        labels.foo=="\\x62\\141r"                        § true
        """)
    void selectorsFollowTheLanguage(String filter, boolean expected) {
        assertThat(matches(filter)).isEqualTo(expected);
    }

    @Test
    void noFilterMatchesAll() {
        assertThat(matches()).isTrue();
        assertThat(matches("")).isTrue();
    }

    @Test
    void oneOfSeveralFiltersIsEnough() {
        assertThat(matches("name==x", "labels.foo")).isTrue();
        assertThat(matches("name==x", "labels.nope")).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "name==",
                "==x",
                "name=x",
                "name==x,",
                ",name",
                "name.",
                ".name",
                "name==\"open",
                "name==/alt/",
                "a b",
                "name~=(",
                "name==\"\\q\"",
                "name==\"\\xzz\"",
                "name===x",
                "name!~x",
                "\u0000",
                "name==x y"
            })
    void badFiltersAreRejectedNamingThePlace(String filter) {
        assertThatThrownBy(() -> matches(filter))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT))
                .hasMessageContaining("parse error");
    }

    @Test
    void aRegexpThatExplodesIsStopped() {
        Fields hostile = path -> java.util.Optional.of("a".repeat(200) + "!");
        assertThatThrownBy(() ->
                        Filter.parse(List.of("name~=\".*.*.*.*.*.*.*.*b\"")).matches(hostile))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.RESOURCE_EXHAUSTED));
    }

    @Test
    void anyInputEitherParsesOrIsInvalid() {
        Random random = new Random(20_26);
        String alphabet = "abz09_.,=!~\"/|\\ x\u00e9";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                matches(text.toString());
            } catch (WharfException e) {
                assertThat(e.kind()).as("filter %s", text).isEqualTo(ErrorKind.INVALID_ARGUMENT);
            }
        }
    }
}
