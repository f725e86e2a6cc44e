package dev.wharf.lib.registry.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxySettingsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reg.test             | reg.test        | 443  | true",
                "reg.test             | a.reg.test      | 443  | true",
                "reg.test             | areg.test       | 443  | false",
                ".reg.test            | reg.test        | 443  | false",
                ".reg.test            | a.reg.test      | 443  | true",
                "*.reg.test           | a.reg.test      | 443  | true",
                "REG.test             | reg.TEST        | 443  | true",
                "reg.test:5000        | reg.test        | 5000 | true",
                "reg.test:5000        | reg.test        | 443  | false",
                "10.0.0.0/8           | 10.1.2.3        | 443  | true",
                "10.0.0.0/8           | 11.1.2.3        | 443  | false",
                "10.1.2.0/23          | 10.1.3.9        | 443  | true",
                "10.1.2.3             | 10.1.2.3        | 443  | true",
                "10.1.2.3:80          | 10.1.2.3        | 443  | false",
                "fd00::/8             | [fd12::1]       | 443  | true",
                "fd00::1              | [fd00::1]       | 443  | true",
                "[fd00::1]:443        | [fd00::1]       | 443  | true",
                "a.test, b.test       | b.test          | 443  | true",
                "*                    | any.test        | 443  | true",
                "10.0.0.0/99,x/8      | 10.1.2.3        | 443  | false",
                "''                   | localhost       | 443  | true",
                "''                   | 127.0.0.9       | 443  | true",
                "''                   | [::1]           | 443  | true",
                "''                   | reg.test        | 443  | false",
            })
    void listDecidesWhoIsReachedDirectly(String list, String host, int port, boolean direct) {
        assertThat(NoProxy.parse(list).has(host, port)).isEqualTo(direct);
    }

    @Test
    void variablesNameTheProxies() {
        ProxySettings settings = ProxySettings.ofEnvironment(Map.of(
                "HTTP_PROXY", "plain.test:3128",
                "https_proxy", "http://me:p%40ss@secure.test",
                "no_proxy", "direct.test"));
        assertThat(settings.of(URI.create("http://reg.test/v2/"))).hasToString("Optional[plain.test:3128]");
        assertThat(settings.of(URI.create("https://reg.test/v2/")))
                .hasValue(new ProxyAddress("secure.test", 80, "me", "p@ss"));
        assertThat(settings.of(URI.create("https://direct.test/v2/"))).isEmpty();
        assertThat(String.valueOf(settings)).doesNotContain("p@ss").doesNotContain("p%40ss");
    }

    @Test
    void requestsToACgiProgramSetNoProxy() {
        Map<String, String> environment = Map.of("HTTP_PROXY", "evil.test:1", "REQUEST_METHOD", "GET");
        assertThat(ProxySettings.ofEnvironment(environment).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://p.test:1", "https://p.test", "http://me:s3cret@[bad", "http:///x"})
    void otherProxiesAreRefusedWithoutTheirPassword(String value) {
        assertThatThrownBy(() -> ProxySettings.ofEnvironment(Map.of("HTTPS_PROXY", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HTTPS_PROXY")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }
}
