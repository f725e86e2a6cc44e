package dev.wharf.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StatusMapperTest {
    @ParameterizedTest
    @EnumSource(ErrorKind.class)
    void everyKindComesBackFromItsStatus(ErrorKind kind) {
        WharfException failure = StatusMapper.fromStatus(StatusMapper.toStatus(kind.of("do it")));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.getMessage()).isEqualTo("do it: " + kind.text());
    }

    @Test
    void aBareTextOfAKindCounts() {
        assertThat(StatusMapper.fromStatus(Status.FAILED_PRECONDITION
                                .withDescription("conflict")
                                .asRuntimeException())
                        .kind())
                .isEqualTo(ErrorKind.CONFLICT);
        assertThat(StatusMapper.fromStatus(Status.FAILED_PRECONDITION
                                .withDescription("conflict here")
                                .asRuntimeException())
                        .kind())
                .isEqualTo(ErrorKind.FAILED_PRECONDITION);
    }

    @Test
    void aStatusWithoutDescriptionHasTheTextOfItsKind() {
        assertThat(StatusMapper.fromStatus(Status.NOT_FOUND.asRuntimeException()))
                .hasMessage("not found");
    }

    @Test
    void whatIsNotWharfsIsUnknown() {
        assertThat(StatusMapper.toStatus(new IllegalStateException()).getStatus())
                .satisfies(status -> assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN))
                .satisfies(status -> assertThat(status.getDescription()).isEqualTo("IllegalStateException"));
    }
}
