package dev.wharf.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunningPluginsTest {
    private static final PluginType<Part> UPPER = new PluginType<>("test.upper.v1", Part.class);
    private static final PluginType<Part> LOWER = new PluginType<>("test.lower.v1", Part.class);

    private final List<String> log = new ArrayList<>();

    @Test
    void aPluginStartsAfterAllOfTheTypesItRequires() {
        start(plugin(UPPER, "u", LOWER), plugin(LOWER, "a"), plugin(LOWER, "b"));
        assertThat(log).containsExactly("start a", "start b", "start u");
    }

    @Test
    void pluginsCloseInTheOppositeOrder() {
        start(plugin(UPPER, "u", LOWER), plugin(LOWER, "a")).close();
        assertThat(log).containsExactly("start a", "start u", "close u", "close a");
    }

    @Test
    void aCircleIsNamed() {
        assertThatExceptionOfType(WharfException.class)
                .isThrownBy(() -> start(plugin(UPPER, "u", LOWER), plugin(LOWER, "l", UPPER)))
                .withMessageContaining("test.upper.v1.u -> test.lower.v1.l -> test.upper.v1.u");
    }

    @Test
    void twinsAreRejected() {
        assertThatExceptionOfType(WharfException.class)
                .isThrownBy(() -> start(plugin(UPPER, "u"), plugin(UPPER, "u")))
                .withMessageContaining("test.upper.v1.u is there twice");
    }

    @Test
    void aFailedPluginIsListedAndTheOthersRun() {
        RunningPlugins running = start(failing(LOWER, "bad"), plugin(UPPER, "good"));
        assertThat(running.all(UPPER)).containsOnlyKeys("good");
        assertThat(status(running, "bad").error()).hasMessageContaining("disk on fire");
        assertThat(status(running, "bad").skipped()).isFalse();
    }

    @Test
    void aPluginWhoseRequiredOneFailedFailsToo() {
        RunningPlugins running = start(failing(LOWER, "bad"), using(UPPER, "u", LOWER));
        assertThat(status(running, "u").error())
                .isInstanceOfSatisfying(
                        WharfException.class, error -> assertThat(error.kind()).isEqualTo(ErrorKind.NOT_FOUND))
                .hasMessageContaining("test.lower.v1");
    }

    @Test
    void aSkippedPluginIsNoFailureAndShownAsContainerdDoes() {
        RunningPlugins running =
                start(new Plugin<>(UPPER, "s", List.of(), _ -> StartOutcome.skipped("no address configured")));
        assertThat(status(running, "s").skipped()).isTrue();
        assertThat(status(running, "s").error()).hasMessage("no address configured: skip plugin");
    }

    @Test
    void aDisabledPluginIsNotThere() {
        RunningPlugins running = start(new PluginSelection(Set.of("test.lower.v1.a"), Set.of()), plugin(LOWER, "a"));
        assertThat(running.list()).isEmpty();
    }

    @Test
    void aRequiredPluginThatFailsStopsTheStartAndClosesTheOthers() {
        PluginSelection selection = new PluginSelection(Set.of(), Set.of("test.upper.v1.bad"));
        assertThatExceptionOfType(WharfException.class)
                .isThrownBy(() -> start(selection, plugin(LOWER, "a"), failing(UPPER, "bad", LOWER)))
                .withMessageContaining("load required plugin test.upper.v1.bad")
                .withMessageContaining("disk on fire");
        assertThat(log).containsExactly("start a", "close a");
    }

    @Test
    void aRequiredPluginThatIsUnknownStopsTheStart() {
        assertThatExceptionOfType(WharfException.class)
                .isThrownBy(() -> start(new PluginSelection(Set.of(), Set.of("test.upper.v1.nix"))))
                .withMessageContaining("test.upper.v1.nix");
    }

    @Test
    void aPluginBothDisabledAndRequiredIsRejected() {
        assertThatExceptionOfType(WharfException.class)
                .isThrownBy(() -> new PluginSelection(Set.of("a.b"), Set.of("a.b")))
                .withMessageContaining("a.b is both disabled and required");
    }

    @Test
    void aPluginSeesOnlyWhatItRequires() {
        Plugin<Part> nosy = new Plugin<>(UPPER, "nosy", List.of(), context -> StartOutcome.started(context.one(LOWER)));
        assertThat(status(start(plugin(LOWER, "a"), nosy), "nosy").error()).hasMessageContaining("does not require it");
    }

    @Test
    void directoriesAreNamedByTheUri() {
        start(new Plugin<>(UPPER, "u", List.of(), context -> {
            log.add(context.root() + " " + context.state());
            return StartOutcome.started(new Part("u", log));
        }));
        assertThat(log).first().isEqualTo("/r/test.upper.v1.u /s/test.upper.v1.u");
    }

    @Test
    void whatAPluginSaysOfItselfIsListed() {
        RunningPlugins running = start(new Plugin<>(
                UPPER,
                "u",
                List.of(LOWER),
                _ -> StartOutcome.started(new Part("u", log))
                        .exporting(Map.of("root", "/r"))
                        .capableOf(List.of("rebase"))));
        assertThat(status(running, "u").exports()).containsEntry("root", "/r");
        assertThat(status(running, "u").capabilities()).containsExactly("rebase");
        assertThat(status(running, "u").requires()).containsExactly("test.lower.v1");
    }

    @Test
    void aPluginThatFailsToCloseDoesNotKeepOthersOpen() {
        Plugin<Part> stuck = new Plugin<>(
                UPPER,
                "stuck",
                List.of(LOWER),
                _ -> StartOutcome.started(new Part("stuck", log) {
                    @Override
                    public void close() throws IOException {
                        throw new IOException("stuck");
                    }
                }));
        start(plugin(LOWER, "a"), stuck).close();
        assertThat(log).containsExactly("start a", "start stuck", "close failed test.upper.v1.stuck", "close a");
    }

    @Test
    void whatSeveralPluginsOfferIsClosedOnceByItsOwner() {
        RunningPlugins running = start(using(UPPER, "u", LOWER), plugin(LOWER, "a"));
        running.close();
        assertThat(log).containsExactly("start a", "close a");
    }

    @Test
    void offeringTheCatalogDoesNotCloseItself() {
        PluginType<Object> any = new PluginType<>("test.any.v1", Object.class);
        start(
                        plugin(LOWER, "a"),
                        new Plugin<>(any, "catalog", List.of(), context -> StartOutcome.started(context.catalog())))
                .close();
        assertThat(log).containsExactly("start a", "close a");
    }

    private RunningPlugins start(Plugin<?>... plugins) {
        return start(PluginSelection.ALL, plugins);
    }

    private RunningPlugins start(PluginSelection selection, Plugin<?>... plugins) {
        return RunningPlugins.start(List.of(plugins), selection, new Environment(), new RunningPlugins.Observer() {
            @Override
            public void decided(PluginStatus status) {
                assertThat(status.uri()).startsWith("test.");
            }

            @Override
            public void closeFailed(String uri, Exception cause) {
                log.add("close failed " + uri);
            }
        });
    }

    private static PluginStatus status(RunningPlugins running, String id) {
        return running.list().stream()
                .filter(status -> status.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Plugin<Part> plugin(PluginType<Part> type, String id, PluginType<?>... requires) {
        return new Plugin<>(type, id, List.of(requires), _ -> StartOutcome.started(new Part(id, log)));
    }

    private Plugin<Part> using(PluginType<Part> type, String id, PluginType<Part> used) {
        return new Plugin<>(type, id, List.of(used), context -> StartOutcome.started(context.one(used)));
    }

    private static Plugin<Part> failing(PluginType<Part> type, String id, PluginType<?>... requires) {
        return new Plugin<>(type, id, List.of(requires), _ -> {
            throw new IOException("disk on fire");
        });
    }

    private static class Part implements AutoCloseable {
        private final String id;
        private final List<String> log;

        Part(String id, List<String> log) {
            this.id = id;
            this.log = log;
            log.add("start " + id);
        }

        @Override
        public void close() throws IOException {
            log.add("close " + id);
        }
    }

    private static final class Environment implements PluginEnvironment {
        @Override
        public Path root() {
            return Path.of("/r");
        }

        @Override
        public Path state() {
            return Path.of("/s");
        }

        @Override
        public <C> C config(String uri, Class<C> as) {
            throw new IllegalArgumentException("no configuration for " + uri);
        }
    }
}
