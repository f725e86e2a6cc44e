package dev.wharf.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the compiled .proto files against {@code wire.tsv}, the table of what containerd, CRI and NRI put on the wire.
 * Both directions count: a row nobody compiled is as wrong as something compiled that is in no row.
 */
final class WireContractTest {

    private static final List<String> TABLE = readTable();
    private static final List<String> COMPILED = WireRows.of(WireDescriptors.files());

    @Test
    void everyRowOfTheTableIsCompiledAsItStands() {
        assertThat(difference(TABLE, COMPILED))
                .as("rows of wire.tsv that the .proto files lack or have otherwise")
                .isEmpty();
    }

    @Test
    void nothingIsCompiledThatTheTableLacks() {
        assertThat(difference(COMPILED, TABLE))
                .as("rows of the .proto files that wire.tsv lacks or has otherwise")
                .isEmpty();
    }

    @Test
    void theTableIsWhole() {
        Map<String, Long> rowsByKind = TABLE.stream()
                .collect(Collectors.groupingBy(row -> row.substring(0, row.indexOf('\t')), Collectors.counting()));
        assertThat(rowsByKind)
                .containsExactlyInAnyOrderEntriesOf(Map.of("rpc", 194L, "message", 663L, "field", 1806L, "enum", 223L));
        assertThat(TABLE).doesNotHaveDuplicates();
        assertThat(COMPILED).doesNotHaveDuplicates();
    }

    @Test
    void everyProtoFileOfTheModuleIsCompared() throws IOException {
        Path root = Path.of("src", "main", "proto");
        List<String> compared =
                WireDescriptors.files().stream().map(FileDescriptor::getName).toList();
        try (Stream<Path> paths = Files.walk(root)) {
            List<String> onDisk = paths.filter(Files::isRegularFile)
                    .map(path -> root.relativize(path).toString())
                    .toList();
            assertThat(compared).containsExactlyInAnyOrderElementsOf(onDisk);
        }
    }

    @Test
    void everyImportOfOursIsCompared() {
        assertThat(WireDescriptors.files().stream()
                        .flatMap(file -> file.getDependencies().stream())
                        .filter(file -> !file.getPackage().startsWith("google.")))
                .isSubsetOf(WireDescriptors.files());
    }

    @Test
    void javaPackagesAreOursAndEachClassIsAFileOfItsOwn() {
        assertThat(WireDescriptors.files()).allSatisfy(file -> {
            assertThat(file.getOptions().getJavaPackage()).startsWith("dev.wharf.api.");
            assertThat(file.getOptions().getJavaMultipleFiles()).isTrue();
        });
    }

    @Test
    void aProtoPackageHasOneJavaPackageAndTheOtherWayRound() {
        assertThat(packagesBy(
                        FileDescriptor::getPackage, file -> file.getOptions().getJavaPackage()))
                .allSatisfy((proto, java) -> assertThat(java).hasSize(1));
        assertThat(packagesBy(file -> file.getOptions().getJavaPackage(), FileDescriptor::getPackage))
                .allSatisfy((java, proto) -> assertThat(proto).hasSize(1));
    }

    private static Map<String, List<String>> packagesBy(
            Function<FileDescriptor, String> key, Function<FileDescriptor, String> value) {
        return WireDescriptors.files().stream()
                .collect(Collectors.groupingBy(
                        key,
                        Collectors.mapping(
                                value,
                                Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), List::copyOf))));
    }

    private static List<String> difference(List<String> rows, List<String> others) {
        TreeSet<String> left = new TreeSet<>(rows);
        others.forEach(left::remove);
        return List.copyOf(left);
    }

    private static List<String> readTable() {
        try (InputStream in = Objects.requireNonNull(WireContractTest.class.getResourceAsStream("/wire.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new AssertionError("wire.tsv cannot be read", e);
        }
    }
}
