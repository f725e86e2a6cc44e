package dev.wharf.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MediansTest {
    private static final Medians.Measure MEASURE = new Medians.Measure("something", "ms");

    @Test
    void medianOfAnOddNumberIsTheMiddleOne() {
        assertThat(Medians.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5.0);
    }

    @Test
    void medianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        assertThat(Medians.median(List.of(9.0, 1.0, 5.0, 2.0))).isEqualTo(3.5);
    }

    @Test
    void medianOfNoneIsNoNumber() {
        assertThat(Medians.median(List.of())).isNaN();
    }

    @Test
    void rowHasBothMediansAndTheirRatio() {
        Medians medians = new Medians();
        for (double value : new double[] {10, 30, 20}) {
            medians.add(MEASURE, Peer.Kind.WHARFD, value);
            medians.add(MEASURE, Peer.Kind.OTHER, 2 * value);
        }
        assertThat(medians.rows()).containsExactly(new Medians.Row(MEASURE, 20, 40, 3));
        assertThat(medians.rows().getFirst().ratio()).isEqualTo(0.5, within(1e-9));
    }
}
