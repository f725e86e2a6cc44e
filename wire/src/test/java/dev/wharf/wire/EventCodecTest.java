package dev.wharf.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.wharf.core.containers.Container;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EventCodecTest {
    private static final Instant AT = Instant.parse("2026-02-03T04:05:06.000000007Z");
    private static final Map<String, String> LABELS = Map.of("color", "blue");

    static Stream<Event> events() {
        return Stream.of(
                new Event.ContainerCreated(
                        "c", "image", new Container.Runtime("runc", new TypedValue("t", new byte[] {1}))),
                new Event.ContainerUpdated("c", "image", LABELS, "key"),
                new Event.ContainerDeleted("c"),
                new Event.ContentCreated("sha256:1", 5),
                new Event.ContentDeleted("sha256:1"),
                new Event.ImageCreated("i", LABELS),
                new Event.ImageUpdated("i", LABELS),
                new Event.ImageDeleted("i"),
                new Event.NamespaceCreated("n", LABELS),
                new Event.NamespaceUpdated("n", LABELS),
                new Event.NamespaceDeleted("n"),
                new Event.SnapshotPrepared("k", "p", "s"),
                new Event.SnapshotCommitted("k", "n", "s"),
                new Event.SnapshotRemoved("k", "s"),
                new Event.SandboxCreated("s"),
                new Event.SandboxStarted("s"),
                new Event.SandboxExited("s", 3, AT),
                new Event.TaskCreated(
                        "c",
                        "/bundle",
                        List.of(Mount.of("bind", "/a", List.of("ro"))),
                        new TaskIo("in", "out", "err", true),
                        "cp",
                        7),
                new Event.TaskStarted("c", 7),
                new Event.TaskExited("c", "e", 7, 9, AT),
                new Event.TaskDeleted("c", 7, 9, Instant.EPOCH, "e"),
                new Event.TaskOom("c"),
                new Event.TaskExecAdded("c", "e"),
                new Event.TaskExecStarted("c", "e", 8),
                new Event.TaskPaused("c"),
                new Event.TaskResumed("c"),
                new Event.TaskCheckpointed("c", "cp"),
                new Event.Foreign(new TypedValue("acme.Event", new byte[] {1, 2})));
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyEventComesBack(Event event) {
        Envelope envelope = new Envelope(AT, "ns", "/topic", event);

        assertThat(EventCodec.decode(EventCodec.encode(envelope))).isEqualTo(envelope);
    }

    @Test
    void noKindOfEventIsLeftOut() {
        assertThat(events().map(Event::getClass).collect(Collectors.toSet()))
                .hasSameSizeAs(Event.class.getPermittedSubclasses());
    }

    @Test
    void bytesThatAreNotTheMessageStayForeign() {
        Any broken = Any.newBuilder()
                .setTypeUrl("containerd.events.TaskExit")
                .setValue(ByteString.copyFrom(new byte[] {10, 50, 1}))
                .build();

        assertThat(EventCodec.decode(broken)).isEqualTo(new Event.Foreign(AnyMessages.fromProto(broken)));
    }
}
