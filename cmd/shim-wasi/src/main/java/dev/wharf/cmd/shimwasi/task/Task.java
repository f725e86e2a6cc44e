package dev.wharf.cmd.shimwasi.task;

import dev.wharf.api.runtime.task.v3.CreateTaskRequest;
import dev.wharf.shim.ShimException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A container this process knows. */
sealed interface Task {
    Path bundle();

    /** The kernel's id of the module's thread; 0 where there is none. */
    int pid();

    Optional<Exit> exit();

    boolean isStarted();

    /** One whose module died with an earlier process. */
    record Past(Path bundle, Exit end) implements Task {
        @Override
        public int pid() {
            return 0;
        }

        @Override
        public Optional<Exit> exit() {
            return Optional.of(end);
        }

        @Override
        public boolean isStarted() {
            return true;
        }
    }

    /** One of this process, which while it is being made has no module yet. */
    final class Present implements Task {
        private final CreateTaskRequest request;
        private volatile @Nullable WasiContainer container;

        Present(CreateTaskRequest request) {
            this.request = request;
        }

        CreateTaskRequest request() {
            return request;
        }

        void made(WasiContainer of) {
            container = of;
        }

        /** Its module; FAILED_PRECONDITION while it is being made. */
        WasiContainer container() {
            WasiContainer made = container;
            if (made == null) {
                throw ShimException.failedPrecondition("container " + request.getId() + " is being created");
            }
            return made;
        }

        @Override
        public Path bundle() {
            return Path.of(request.getBundle());
        }

        @Override
        public int pid() {
            WasiContainer made = container;
            return made == null ? 0 : made.pid();
        }

        @Override
        public Optional<Exit> exit() {
            WasiContainer made = container;
            return made == null ? Optional.empty() : made.exit();
        }

        @Override
        public boolean isStarted() {
            WasiContainer made = container;
            return made != null && made.isStarted();
        }
    }
}
