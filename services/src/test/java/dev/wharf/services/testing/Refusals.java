package dev.wharf.services.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Calls that must be refused. */
public final class Refusals {
    private Refusals() {}

    /** Asserts that the call fails with this code and that its text ends so. */
    public static void refused(Status.Code code, String textEnd, ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).as("the call must fail").isNotNull();
        assertThat(failure.getStatus().getCode()).as(failure.getMessage()).isEqualTo(code);
        assertThat(Objects.requireNonNullElse(failure.getStatus().getDescription(), ""))
                .endsWith(textEnd);
    }
}
