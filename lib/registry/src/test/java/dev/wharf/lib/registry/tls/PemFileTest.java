package dev.wharf.lib.registry.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of all the formats openssl writes. */
class PemFileTest {
    @TempDir
    Path dir;

    private Path openssl(String command) throws IOException, InterruptedException {
        Path out = dir.resolve("key.pem");
        List<String> words = Stream.concat(Stream.of("openssl"), Stream.of(command.split(" ")))
                .map(word -> word.equals("OUT") ? out.toString() : word)
                .toList();
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .directory(dir.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return out;
    }

    @ParameterizedTest
    @CsvSource({
        "genrsa -traditional -out OUT 2048, RSA",
        "genpkey -algorithm RSA -out OUT, RSA",
        "ecparam -name prime256v1 -genkey -out OUT, EC",
        "ecparam -name secp384r1 -genkey -noout -out OUT, EC",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out OUT, EC",
        "genpkey -algorithm ED25519 -out OUT, EdDSA",
    })
    void keysAreRead(String command, String algorithm) throws Exception {
        assertThat(PemFile.read(openssl(command)).key().getAlgorithm()).isEqualTo(algorithm);
    }

    @Test
    void encryptedKeysAndOtherFilesAreRefusedByName() throws Exception {
        Path encrypted = openssl("genpkey -algorithm RSA -aes256 -pass pass:x -out OUT");
        assertThatThrownBy(() -> PemFile.read(encrypted).key()).hasMessageContainingAll("key.pem", "encrypted");
        Path empty = Files.writeString(dir.resolve("empty.pem"), "nothing");
        assertThatThrownBy(() -> PemFile.read(empty).key()).hasMessageContainingAll("empty.pem", "no private key");
        assertThatThrownBy(() -> PemFile.read(empty).certificates()).hasMessageContaining("no certificate");
        assertThatThrownBy(() -> PemFile.read(dir.resolve("absent.pem"))).hasMessageContaining("no such file");
    }

    @Test
    void damagedKeysFailInOrder() throws Exception {
        byte[] good = Files.readAllBytes(openssl("ecparam -name prime256v1 -genkey -noout -out OUT"));
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            byte[] bad = good.clone();
            bad[40 + random.nextInt(bad.length - 80)] = (byte) "ABCxyz019+/".charAt(random.nextInt(11));
            Path file = Files.write(dir.resolve("bad.pem"), bad);
            try {
                assertThat(PemFile.read(file).key()).isNotNull();
            } catch (IOException e) {
                assertThat(e).hasMessageMatching("(?s).*(key|PEM).*");
            }
        }
    }
}
