package dev.wharf.plugins.metadata.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GcScheduleTest {
    private static final long MS = 1_000_000;

    private static GcSettings settings(double pause, int deletions, int mutations, int delay, int startup) {
        return new GcSettings(pause, deletions, mutations, Duration.ofMillis(delay), Duration.ofMillis(startup));
    }

    @Test
    void theFirstRunFollowsTheStart() {
        assertThat(new GcSchedule(GcSettings.DEFAULT, 5 * MS).due()).hasValue(105 * MS);
        assertThat(new GcSchedule(settings(0.02, 0, 100, 0, 0), 5 * MS).due()).isEmpty();
    }

    @Test
    void nothingIsDueWhileNothingHappens() {
        GcSchedule schedule = afterOneRun(GcSettings.DEFAULT);

        assertThat(schedule.due()).isEmpty();
        for (int i = 0; i < 99; i++) {
            schedule.changed(Change.MUTATION, 2000 * MS);
        }
        schedule.changed(Change.NONE, 2000 * MS);
        assertThat(schedule.due()).isEmpty();
    }

    @Test
    void aDeletionOrEnoughChangesAreDueAfterTheInterval() {
        // A pause of 10 ms at a share of 2 % makes 490 ms between the runs.
        GcSchedule deleted = afterOneRun(GcSettings.DEFAULT);
        deleted.changed(Change.DELETION, 1001 * MS);
        assertThat(deleted.due()).hasValue(1490 * MS);

        GcSchedule changed = afterOneRun(GcSettings.DEFAULT);
        for (int i = 0; i < 100; i++) {
            changed.changed(Change.MUTATION, 1001 * MS);
        }
        assertThat(changed.due()).hasValue(1490 * MS);
    }

    @Test
    void whatIsAskedForOrDemandedByDeletionsComesAfterTheDelay() {
        GcSchedule asked = afterOneRun(settings(0.02, 0, 100, 7, 100));
        asked.asked(1001 * MS);
        asked.asked(1005 * MS);
        assertThat(asked.due()).hasValue(1008 * MS);

        GcSchedule deleted = afterOneRun(settings(0.02, 2, 100, 7, 100));
        deleted.changed(Change.DELETION, 1001 * MS);
        assertThat(deleted.due()).hasValue(1490 * MS);
        deleted.changed(Change.DELETION, 1002 * MS);
        assertThat(deleted.due()).hasValue(1009 * MS);
    }

    @Test
    void aRunForgetsWhatWasCountedBeforeIt() {
        GcSchedule schedule = afterOneRun(GcSettings.DEFAULT);
        schedule.changed(Change.DELETION, 1001 * MS);
        schedule.asked(1001 * MS);
        schedule.begins();
        schedule.succeeded(1100 * MS, 10 * MS);

        assertThat(schedule.due()).isEmpty();
    }

    @Test
    void aFailedRunIsTriedAgain() {
        GcSchedule schedule = afterOneRun(GcSettings.DEFAULT);
        schedule.begins();
        schedule.failed(2000 * MS);

        assertThat(schedule.due()).hasValue((2000 + 490 + 1000) * MS);
    }

    private static GcSchedule afterOneRun(GcSettings settings) {
        GcSchedule schedule = new GcSchedule(settings, 0);
        schedule.begins();
        schedule.succeeded(1000 * MS, 10 * MS);
        return schedule;
    }
}
