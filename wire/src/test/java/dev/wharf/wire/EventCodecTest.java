package dev.wharf.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.wharf.api.events.EventsProto;
import dev.wharf.api.events.TaskExit;
import dev.wharf.api.services.images.v1.ImageEventsProto;
import dev.wharf.core.containers.Container;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EventCodecTest {
    private static final Instant AT = Instant.ofEpochSecond(1_700_000_000, 123_456_789);
    private static final TypedValue OPTIONS = new TypedValue("containerd.runc.v1.Options", new byte[] {1, 2});

    static List<Event> events() {
        return List.of(
                new Event.ContainerCreated("c", "i", new Container.Runtime("io.containerd.runc.v2", OPTIONS)),
                new Event.ContainerUpdated("c", "i", Map.of("a", "b"), "k"),
                new Event.ContainerDeleted("c"),
                new Event.ContentCreated("sha256:1", 77),
                new Event.ContentDeleted("sha256:1"),
                new Event.ImageCreated("i", Map.of("a", "b")),
                new Event.ImageUpdated("i", Map.of("a", "b")),
                new Event.ImageDeleted("i"),
                new Event.NamespaceCreated("n", Map.of("a", "b")),
                new Event.NamespaceUpdated("n", Map.of("a", "b")),
                new Event.NamespaceDeleted("n"),
                new Event.SnapshotPrepared("k", "p", "s"),
                new Event.SnapshotCommitted("k", "n", "s"),
                new Event.SnapshotRemoved("k", "s"),
                new Event.SandboxCreated("s"),
                new Event.SandboxStarted("s"),
                new Event.SandboxExited("s", 255, AT),
                new Event.TaskCreated(
                        "c",
                        "/b",
                        List.of(new Mount("overlay", "overlay", "/t", List.of("ro", "lowerdir=/a"))),
                        new TaskIo("/0", "/1", "/2", true),
                        "/cp",
                        7),
                new Event.TaskStarted("c", 7),
                new Event.TaskExited("c", "e", 7, 137, AT),
                new Event.TaskDeleted("c", 7, 137, Instant.EPOCH, "e"),
                new Event.TaskOom("c"),
                new Event.TaskExecAdded("c", "e"),
                new Event.TaskExecStarted("c", "e", 8),
                new Event.TaskPaused("c"),
                new Event.TaskResumed("c"),
                new Event.TaskCheckpointed("c", "cp"),
                new Event.Foreign(new TypedValue("example.com/Made", new byte[] {0, -1})));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("events")
    void everyEventComesBackTheSame(Event event) {
        assertThat(EventCodec.decode(EventCodec.encode(event))).isEqualTo(event);
    }

    @Test
    void everyRecordIsTried() {
        assertThat(events().stream().<Class<?>>map(Event::getClass).collect(Collectors.toSet()))
                .isEqualTo(Set.copyOf(Arrays.asList(Event.class.getPermittedSubclasses())));
    }

    @Test
    void everyMessageOfTheApiIsKnown() {
        Set<String> messages = Stream.concat(
                        EventsProto.getDescriptor().getMessageTypes().stream(),
                        ImageEventsProto.getDescriptor().getMessageTypes().stream())
                .map(Descriptor::getFullName)
                .filter(name -> !name.equals("containerd.events.TaskIO"))
                .collect(Collectors.toSet());

        assertThat(EventDecoder.KNOWN.keySet()).isEqualTo(messages);
    }

    static Stream<Message> known() {
        return EventDecoder.KNOWN.values().stream();
    }

    @ParameterizedTest
    @MethodSource("known")
    void everyKnownMessageBecomesARecord(Message message) {
        String name = message.getDescriptorForType().getFullName();

        Event event = EventCodec.decode(Any.newBuilder().setTypeUrl(name).build());

        assertThat(event).isNotInstanceOf(Event.Foreign.class);
        assertThat(EventCodec.encode(event).getTypeUrl()).isEqualTo(name);
    }

    @Test
    void typeUrlIsWrittenBare() {
        Any any = EventCodec.encode(new Event.TaskExited("c", "e", 7, 1, AT));

        assertThat(any.getTypeUrl()).isEqualTo("containerd.events.TaskExit");
        assertThat(EventCodec.encode(new Event.ImageDeleted("i")).getTypeUrl())
                .isEqualTo("containerd.services.images.v1.ImageDelete");
        assertThat(EventCodec.encode(new Event.TaskOom("c")).getTypeUrl()).isEqualTo("containerd.events.TaskOOM");
    }

    @Test
    void typeUrlMayHaveTheUsualPrefix() {
        Any any = Any.pack(TaskExit.newBuilder().setContainerId("c").build());

        assertThat(any.getTypeUrl()).startsWith("type.googleapis.com/");
        assertThat(EventCodec.decode(any)).isEqualTo(new Event.TaskExited("c", "", 0, 0, Instant.EPOCH));
    }

    static Stream<byte[]> brokenBytes() {
        return Stream.of(new byte[] {(byte) 0xff, 1}, new byte[] {10, 50, 1});
    }

    @ParameterizedTest
    @MethodSource("brokenBytes")
    void bytesThatAreNoSuchMessageGoThroughUntouched(byte[] bytes) {
        Any any = Any.newBuilder()
                .setTypeUrl("containerd.events.TaskExit")
                .setValue(ByteString.copyFrom(bytes))
                .build();

        Event event = EventCodec.decode(any);

        assertThat(event).isInstanceOf(Event.Foreign.class);
        assertThat(EventCodec.encode(event)).isEqualTo(any);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("events")
    void everyEnvelopeComesBackTheSame(Event event) {
        Envelope envelope = new Envelope(AT, "ns", "/topic", event);

        assertThat(EventCodec.decode(EventCodec.encode(envelope))).isEqualTo(envelope);
    }

    @Test
    void envelopeWithoutTimeIsRefused() {
        var message =
                dev.wharf.api.types.Envelope.newBuilder().setTopic("/topic").build();

        assertThatThrownBy(() -> EventCodec.decode(message))
                .isInstanceOfSatisfying(
                        WharfException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID_ARGUMENT));
    }
}
