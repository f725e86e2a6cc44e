package dev.wharf.client.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UserLookupTest {
    private static final UserLookup USERS = new UserLookup(Map.of(
            "/etc/passwd",
            bytes("# comment\nroot:x:0:0:root:/root:/bin/sh\nbroken\nann:x:1000:1001:::\nbob:x:1002:1002:::\n"),
            "/etc/group",
            bytes("root:x:0:\nwheel:x:10:root,ann\naudio:x:11:ann,bob\nann:x:1001:ann\nnobody\n")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''        | 0    | 0    | 0 10",
                "root      | 0    | 0    | 0 10",
                "0         | 0    | 0    | 0 10",
                "ann       | 1000 | 1001 | 1001 10 11",
                "1000      | 1000 | 1001 | 1001 10 11",
                "ann:audio | 1000 | 11   | 11 10",
                "bob:77    | 1002 | 77   | 77 11",
                "4711      | 4711 | 0    | 0",
                "4711:12   | 4711 | 12   | 12",
            })
    void usersAreFoundByNameAndNumber(String wanted, int uid, int gid, String groups) {
        assertThat(USERS.find(wanted))
                .isEqualTo(new UserIds(
                        uid,
                        gid,
                        List.of(groups.split(" ", -1)).stream()
                                .map(Integer::valueOf)
                                .toList()));
    }

    @Test
    void anImageWithoutFilesHasRoot() {
        assertThat(new UserLookup(Map.of()).find("")).isEqualTo(new UserIds(0, 0, List.of(0)));
    }

    @ParameterizedTest
    @CsvSource({"carol, NOT_FOUND", "ann:carol, NOT_FOUND", "a:b:c, INVALID_ARGUMENT", "4294967296, INVALID_ARGUMENT"})
    void whatIsNotThereOrNoUserFails(String wanted, ErrorKind kind) {
        assertThatThrownBy(() -> USERS.find(wanted))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
