package dev.wharf.cmd.wharfd.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LogLineTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z";

    private final LogSettings before = LogSettings.current();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @AfterEach
    void restore() {
        LogSettings.use(before);
    }

    @Test
    void textHasTheFormOfLogrus() {
        assertThat(LogLine.text(
                        Level.WARN,
                        "say \"hi\"",
                        List.of(new LogLine.Field("id", "a.b/c"), new LogLine.Field("why", "no such file"))))
                .matches("time=\"" + TIME + "\" level=warning msg=\"say \\\\\"hi\\\\\"\" id=a.b/c"
                        + " why=\"no such file\"\n");
    }

    @Test
    void jsonIsOneObject() {
        assertThat(LogLine.json(Level.INFO, "a\nb", List.of(new LogLine.Field("k", "v"))))
                .matches("\\{\"k\":\"v\",\"level\":\"info\",\"msg\":\"a\\\\nb\",\"time\":\"" + TIME + "\"\\}\n");
    }

    @Test
    void pairsOfTheFluentInterfaceAreFields() {
        logger(Level.INFO, "dev.wharf.Test").atInfo().addKeyValue("count", 3).log("counted {}", "sheep");
        assertThat(lines()).contains("msg=\"counted sheep\" count=3\n");
    }

    @Test
    void anExceptionIsAFieldWithoutItsTrace() {
        logger(Level.INFO, "dev.wharf.Test").warn("cannot read", new IOException("gone"));
        assertThat(lines()).contains("error=\"java.io.IOException: gone\"").doesNotContain("stack=");
    }

    @Test
    void aBugIsShownWhole() {
        logger(Level.INFO, "dev.wharf.Test").error("failed", new IllegalStateException("bug"));
        assertThat(lines()).contains("stack=").containsOnlyOnce("\n");
    }

    @Test
    void linesBelowTheLevelAreNotWritten() {
        logger(Level.INFO, "dev.wharf.Test").debug("quiet");
        assertThat(lines()).isEmpty();
    }

    @Test
    void librariesAreHeardFromWarningsOn() {
        Logger library = logger(Level.TRACE, "io.netty.Something");
        library.info("chatter");
        library.warn("matters");
        assertThat(lines()).contains("matters").doesNotContain("chatter");
    }

    @Test
    void nettysWarningAboutUnixSocketsIsNotHeard() {
        logger(Level.TRACE, "io.netty.bootstrap.ServerBootstrap").warn("Unknown channel option 'SO_KEEPALIVE'");
        assertThat(lines()).isEmpty();
    }

    @Test
    void whatGrpcLogsComesThrough() {
        logger(Level.INFO, "dev.wharf.Test");
        java.util.logging.Logger.getLogger("io.grpc.Test").warning("jdk warning");
        assertThat(lines()).contains("level=warning msg=\"jdk warning\" logger=io.grpc.Test");
    }

    private Logger logger(Level threshold, String name) {
        LogSettings.use(new LogSettings(threshold.toInt(), false, out));
        return LoggerFactory.getLogger(name);
    }

    private String lines() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
