package dev.wharf.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class StatusMapperTest {
    @ParameterizedTest(name = "{0} is sent as {1}")
    @CsvSource({
        "INVALID_ARGUMENT,INVALID_ARGUMENT",
        "NOT_FOUND,NOT_FOUND",
        "ALREADY_EXISTS,ALREADY_EXISTS",
        "PERMISSION_DENIED,PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED,RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION,FAILED_PRECONDITION",
        "CONFLICT,FAILED_PRECONDITION",
        "NOT_MODIFIED,FAILED_PRECONDITION",
        "ABORTED,ABORTED",
        "OUT_OF_RANGE,OUT_OF_RANGE",
        "NOT_IMPLEMENTED,UNIMPLEMENTED",
        "INTERNAL,INTERNAL",
        "UNAVAILABLE,UNAVAILABLE",
        "DATA_LOSS,DATA_LOSS",
        "UNAUTHENTICATED,UNAUTHENTICATED",
        "DEADLINE_EXCEEDED,DEADLINE_EXCEEDED",
        "CANCELLED,CANCELLED",
        "UNKNOWN,UNKNOWN",
    })
    void everyKindHasItsCode(ErrorKind kind, Status.Code code) {
        StatusRuntimeException status = StatusMapper.toStatus(kind.of("doing it"));

        assertThat(status.getStatus().getCode()).isEqualTo(code);
        assertThat(status.getStatus().getDescription()).isEqualTo("doing it: " + kind.text());
        assertThat(StatusMapper.code(kind.of("doing it"))).isEqualTo(code.value());
    }

    @Test
    void aLongTextIsSentWithoutItsMiddle() {
        String text = "begins " + "x".repeat(1 << 20);

        assertThat(StatusMapper.toStatus(ErrorKind.NOT_FOUND.of(text))
                        .getStatus()
                        .getDescription())
                .hasSizeLessThan(5000)
                .startsWith("begins x")
                .contains("x … x")
                .endsWith("x: not found");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(ErrorKind.class)
    void textIsSentAsItIs(ErrorKind kind) {
        assertThat(StatusMapper.toStatus(new WharfException(kind, "exactly this"))
                        .getStatus()
                        .getDescription())
                .isEqualTo("exactly this");
    }

    @Test
    void statusStaysWhatItIs() {
        StatusRuntimeException status = Status.DATA_LOSS.withDescription("x").asRuntimeException();
        assertThat(StatusMapper.toStatus(status)).isSameAs(status);

        Metadata trailers = new Metadata();
        StatusException checked = Status.ABORTED.asException(trailers);
        assertThat(StatusMapper.toStatus(checked).getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
        assertThat(StatusMapper.toStatus(checked).getTrailers()).isSameAs(trailers);
    }

    @Test
    void cancellationIsSentAsSuch() {
        assertThat(StatusMapper.toStatus(new InterruptedException()).getStatus().getCode())
                .isEqualTo(Status.Code.CANCELLED);
        assertThat(StatusMapper.toStatus(new CancellationException())
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.CANCELLED);
    }

    @Test
    void anythingElseIsUnknownWithItsText() {
        Status status = StatusMapper.toStatus(new IOException("disk gone")).getStatus();
        assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
        assertThat(status.getDescription()).isEqualTo("disk gone");
        assertThat(StatusMapper.toStatus(new IllegalStateException())
                        .getStatus()
                        .getDescription())
                .isEqualTo("IllegalStateException");
    }

    @Test
    void onlyUnexpectedFailuresAreLogged() {
        assertThat(StatusMapper.isUnexpected(ErrorKind.NOT_FOUND.of("x"))).isFalse();
        assertThat(StatusMapper.isUnexpected(Status.NOT_FOUND.asRuntimeException()))
                .isFalse();
        assertThat(StatusMapper.isUnexpected(ErrorKind.DATA_LOSS.of("x"))).isTrue();
        assertThat(StatusMapper.isUnexpected(new IOException("x"))).isTrue();
        assertThat(StatusMapper.isUnexpected(new StackOverflowError())).isTrue();
    }

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
}
