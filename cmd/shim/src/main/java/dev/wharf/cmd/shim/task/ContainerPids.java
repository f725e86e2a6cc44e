package dev.wharf.cmd.shim.task;

import com.google.protobuf.Any;
import dev.wharf.api.runc.v1.ProcessDetails;
import dev.wharf.api.runtime.task.v3.PidsResponse;
import dev.wharf.api.types.task.ProcessInfo;
import dev.wharf.cmd.shim.cgroup.ControlGroup;
import java.time.Duration;
import java.util.List;

/** The processes of a container: by its control group, or by the engine where that is not its own. */
final class ContainerPids {
    private final Container container;
    private final Duration timeout;

    ContainerPids(Container container, Duration timeout) {
        this.container = container;
        this.timeout = timeout;
    }

    PidsResponse response() {
        PidsResponse.Builder response = PidsResponse.newBuilder();
        pids().forEach(pid -> response.addProcesses(info(pid)));
        return response.build();
    }

    private List<Integer> pids() {
        if (container.life().state() == ContainerState.STOPPED) {
            return List.of();
        }
        if (container.engine().sharesKernel()
                && container.cgroup().filter(ControlGroup::isOwn).isPresent()) {
            return container.cgroup().get().processes();
        }
        return container.engine().processes(timeout);
    }

    private ProcessInfo info(int pid) {
        ProcessInfo.Builder info = ProcessInfo.newBuilder().setPid(pid);
        container.life().execs().stream()
                .filter(exec -> exec.pid() == pid)
                .findFirst()
                .ifPresent(exec -> info.setInfo(details(exec)));
        return info.build();
    }

    private static Any details(TaskProcess exec) {
        return Any.newBuilder()
                .setTypeUrl("containerd.runc.v1.ProcessDetails")
                .setValue(ProcessDetails.newBuilder()
                        .setExecId(exec.exec())
                        .build()
                        .toByteString())
                .build();
    }
}
