package dev.wharf.shim.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wharf.shim.Call;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BusyTest {
    private final Busy busy = new Busy();
    private final List<String> done = new ArrayList<>();

    @Test
    void whatWaitsForIdlenessIsDoneAtOnceWhenIdle() {
        busy.onceIdle(() -> done.add("end"));
        assertThat(done).containsExactly("end");
    }

    @Test
    void whatWaitsForIdlenessIsDoneOnceAfterTheLastCall() throws Exception {
        Method<String, String> inner = busy.during((call, request) -> done("inner"));
        Method<String, String> outer = busy.during((call, request) -> {
            busy.onceIdle(() -> done.add("end"));
            inner.call(call, request);
            return done("outer");
        });
        outer.call(Call.in("test"), "");
        inner.call(Call.in("test"), "");
        assertThat(done).containsExactly("inner", "outer", "end", "inner");
    }

    private String done(String what) {
        done.add(what);
        return what;
    }
}
