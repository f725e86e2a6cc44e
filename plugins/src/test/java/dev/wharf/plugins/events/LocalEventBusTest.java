package dev.wharf.plugins.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.events.Envelope;
import dev.wharf.core.events.Event;
import dev.wharf.core.events.EventBus.Subscription;
import dev.wharf.core.typeurl.TypedValue;
import dev.wharf.testkit.clock.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalEventBusTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Event EVENT = new Event.SnapshotRemoved("key", "overlayfs");

    private final SettableClock clock = new SettableClock();
    private final LocalEventBus bus = new LocalEventBus(clock, 3);

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void aSubscriberGetsWhatIsPublishedAfterItCame() throws InterruptedException {
        bus.publish("ns", "/too/early", EVENT);
        try (Subscription subscription = bus.subscribe(List.of())) {
            bus.publish("ns", EVENT.topic(), EVENT);

            assertThat(subscription.next(LONG))
                    .isEqualTo(new Envelope(SettableClock.START, "ns", "/snapshot/remove", EVENT));
            assertThat(subscription.next(Duration.ZERO)).isNull();
        }
    }

    @Test
    void theEndOfAProcessIsHeardOnceWhoeverTellsIt() throws InterruptedException {
        try (Subscription subscription = bus.subscribe(List.of())) {
            bus.forward(new Envelope(SettableClock.START, "ns", "/tasks/exit", exit(7, 0)));
            bus.forward(new Envelope(SettableClock.START.plusSeconds(1), "ns", "/tasks/exit", exit(7, 1)));
            bus.publish("ns", "/tasks/exit", exit(7, 2));
            bus.publish("ns", "/tasks/exit", exit(8, 3));
            bus.publish("other", "/tasks/exit", exit(7, 4));

            assertThat(List.of(next(subscription), next(subscription), next(subscription)))
                    .containsExactly(exit(7, 0), exit(8, 3), exit(7, 4));
            assertThat(subscription.next(Duration.ZERO)).isNull();
        }
    }

    private static Event next(Subscription subscription) throws InterruptedException {
        return Objects.requireNonNull(subscription.next(LONG)).event();
    }

    private static Event exit(int pid, int second) {
        return new Event.TaskExited("c", "c", pid, 3, Instant.ofEpochSecond(second));
    }

    @Test
    void subscribersAreBounded() {
        List<Subscription> all = IntStream.range(0, LocalEventBus.MOST_SUBSCRIBERS)
                .mapToObj(n -> bus.subscribe(List.of()))
                .toList();

        assertThatThrownBy(() -> bus.subscribe(List.of()))
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.RESOURCE_EXHAUSTED))
                .hasMessageContaining("1024 subscribers already");
        all.getFirst().close();
        bus.subscribe(List.of()).close();
    }

    @Test
    void filtersDecideWhoGetsWhat() throws InterruptedException {
        try (Subscription some = bus.subscribe(List.of("namespace==a", "topic~=|/exit$|,event.key==key"))) {
            bus.publish("a", "/one", EVENT);
            bus.publish("b", "/two", EVENT);
            bus.publish("b", "/tasks/exit", EVENT);

            assertThat(topic(some)).contains("/one");
            assertThat(topic(some)).contains("/tasks/exit");
            assertThat(some.next(Duration.ZERO)).isNull();
        }
    }

    @Test
    void aBadFilterIsRefused() {
        assertFails(ErrorKind.INVALID_ARGUMENT, () -> bus.subscribe(List.of("topic=x")));
    }

    @Test
    void aForwardedEnvelopeComesAsItWas() throws InterruptedException {
        Envelope envelope = new Envelope(Instant.parse("2020-02-02T00:00:00Z"), "ns", "/vendor/event", EVENT);
        try (Subscription subscription = bus.subscribe(List.of())) {
            bus.forward(envelope);

            assertThat(subscription.next(LONG)).isEqualTo(envelope);
        }
    }

    @ParameterizedTest(name = "topic \"{0}\" {1}")
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\", must not be empty",
                "tasks, must start with '/'",
                "/, must have at least one component",
                "/a//b, failed validation on component",
                "/a/, failed validation on component",
                "/a b, failed validation on component",
            })
    void aBadTopicIsRefused(String topic, String why) {
        assertThatThrownBy(() -> bus.publish("ns", topic, EVENT))
                .hasMessageContaining("envelope topic \"" + topic + "\"")
                .hasMessageContaining(why)
                .hasMessageEndingWith("invalid argument");
        assertFails(ErrorKind.INVALID_ARGUMENT, () -> bus.forward(new Envelope(clock.instant(), "ns", topic, EVENT)));
    }

    @Test
    void aForwardedEnvelopeNeedsNamespaceAndTime() {
        assertFails(ErrorKind.INVALID_ARGUMENT, () -> bus.publish("", "/a", EVENT));
        assertFails(ErrorKind.INVALID_ARGUMENT, () -> bus.forward(new Envelope(clock.instant(), "-", "/a", EVENT)));
        assertFails(ErrorKind.INVALID_ARGUMENT, () -> bus.forward(new Envelope(Instant.EPOCH, "ns", "/a", EVENT)));
    }

    @Test
    void whoDoesNotReadLosesTheSubscriptionAndNobodyElseDoes() throws InterruptedException {
        try (Subscription slow = bus.subscribe(List.of());
                Subscription picky = bus.subscribe(List.of("topic==\"/e4\""))) {
            for (int i = 0; i < 5; i++) {
                bus.publish("ns", "/e" + i, EVENT);
            }

            assertThat(topic(slow)).contains("/e0");
            assertThat(topic(slow)).contains("/e1");
            assertThat(topic(slow)).contains("/e2");
            assertFails(ErrorKind.RESOURCE_EXHAUSTED, () -> slow.next(LONG));
            assertFails(ErrorKind.RESOURCE_EXHAUSTED, () -> slow.next(LONG));
            assertThat(topic(picky)).contains("/e4");
        }
    }

    @Test
    void whoDoesNotReadLargeEventsLosesTheSubscription() throws InterruptedException {
        Event large = new Event.Foreign(new TypedValue("large", new byte[(int) LocalEventBus.BYTES / 2 + 1]));
        try (Subscription slow = bus.subscribe(List.of())) {
            bus.publish("ns", "/e0", large);
            assertThat(topic(slow)).contains("/e0");
            bus.publish("ns", "/e1", large);
            bus.publish("ns", "/e2", large);

            assertThat(topic(slow)).contains("/e1");
            assertFails(ErrorKind.RESOURCE_EXHAUSTED, () -> slow.next(LONG));
        }
    }

    @Test
    void aReaderThatWaitsIsWokenByAnEvent() throws Exception {
        Subscription subscription = bus.subscribe(List.of());
        FutureTask<Boolean> reader = inThread(() -> topic(subscription).isPresent());

        bus.publish("ns", "/a", EVENT);

        assertThat(reader.get()).isTrue();
    }

    @Test
    void closingTheSubscriptionOrTheBusWakesItsReader() throws Exception {
        Subscription one = bus.subscribe(List.of());
        Subscription two = bus.subscribe(List.of());
        FutureTask<Boolean> readerOfOne = inThread(() -> isCancelled(one));
        FutureTask<Boolean> readerOfTwo = inThread(() -> isCancelled(two));

        one.close();
        bus.close();

        assertThat(readerOfOne.get()).isTrue();
        assertThat(readerOfTwo.get()).isTrue();
        assertFails(ErrorKind.CANCELLED, () -> bus.subscribe(List.of()));
        bus.publish("ns", "/nobody", EVENT);
    }

    @Test
    void aClosedSubscriptionGetsNothingMore() {
        Subscription subscription = bus.subscribe(List.of());
        bus.publish("ns", "/a", EVENT);
        subscription.close();
        subscription.close();

        assertFails(ErrorKind.CANCELLED, () -> subscription.next(LONG));
    }

    @Test
    void everySubscriberSeesEachPublishersEventsInOrder() throws InterruptedException {
        int count = 2000;
        try (LocalEventBus large = new LocalEventBus(clock);
                Subscription subscription = large.subscribe(List.of())) {
            CountDownLatch start = new CountDownLatch(1);
            for (int t = 0; t < 4; t++) {
                String namespace = "t" + t;
                Thread.startVirtualThread(() -> {
                    awaitQuietly(start);
                    for (int i = 0; i < count; i++) {
                        large.publish(namespace, "/n" + i, EVENT);
                    }
                });
            }
            start.countDown();

            int[] next = new int[4];
            for (int i = 0; i < 4 * count; i++) {
                Envelope envelope = Optional.ofNullable(subscription.next(LONG)).orElseThrow();
                int thread = envelope.namespace().charAt(1) - '0';
                assertThat(envelope.topic()).isEqualTo("/n" + next[thread]++);
            }
        }
    }

    private static Optional<String> topic(Subscription subscription) throws InterruptedException {
        return Optional.ofNullable(subscription.next(LONG)).map(Envelope::topic);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static FutureTask<Boolean> inThread(Callable<Boolean> work) {
        FutureTask<Boolean> task = new FutureTask<>(work);
        Thread.startVirtualThread(task);
        return task;
    }

    private static boolean isCancelled(Subscription subscription) {
        assertFails(ErrorKind.CANCELLED, () -> subscription.next(LONG));
        return true;
    }

    private static void assertFails(ErrorKind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WharfException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
