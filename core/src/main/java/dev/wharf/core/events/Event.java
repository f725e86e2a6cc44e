package dev.wharf.core.events;

import dev.wharf.core.containers.Container;
import dev.wharf.core.filter.Fields;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.runtime.TaskIo;
import dev.wharf.core.typeurl.TypedValue;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What happened: one record for each message of containerd's {@code containerd.events}, and one for events of others.
 *
 * <p>The fields a filter can name ({@code event.container_id==x}) are those whose value is text or a map of text, by
 * the names the messages have on the wire.
 */
public sealed interface Event extends Fields {
    /** The topic an event of this kind is published with; empty for events of others. */
    String topic();

    /** Says that a container was created. */
    record ContainerCreated(String id, String image, Container.Runtime runtime) implements Event {
        @Override
        public String topic() {
            return "/containers/create";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "id" -> Fields.leaf(path, id);
                case "image" -> Fields.leaf(path, image);
                case "runtime" ->
                    path.size() == 2 && path.get(1).equals("name") ? Optional.of(runtime.name()) : Optional.empty();
                default -> Optional.empty();
            };
        }
    }

    /** Says that a container was changed. */
    record ContainerUpdated(String id, String image, Map<String, String> labels, String snapshotKey) implements Event {
        public ContainerUpdated {
            labels = Map.copyOf(labels);
        }

        @Override
        public String topic() {
            return "/containers/update";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "id" -> Fields.leaf(path, id);
                case "image" -> Fields.leaf(path, image);
                case "labels" -> Fields.key(path, labels);
                case "snapshot_key" -> Fields.leaf(path, snapshotKey);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a container was deleted. */
    record ContainerDeleted(String id) implements Event {
        @Override
        public String topic() {
            return "/containers/delete";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "id" -> Fields.leaf(path, id);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a blob came into a namespace. */
    record ContentCreated(String digest, long size) implements Event {
        @Override
        public String topic() {
            return "/content/create";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "digest" -> Fields.leaf(path, digest);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a blob left a namespace. */
    record ContentDeleted(String digest) implements Event {
        @Override
        public String topic() {
            return "/content/delete";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "digest" -> Fields.leaf(path, digest);
                default -> Optional.empty();
            };
        }
    }

    /** Says that an image was created. */
    record ImageCreated(String name, Map<String, String> labels) implements Event {
        public ImageCreated {
            labels = Map.copyOf(labels);
        }

        @Override
        public String topic() {
            return "/images/create";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "name" -> Fields.leaf(path, name);
                case "labels" -> Fields.key(path, labels);
                default -> Optional.empty();
            };
        }
    }

    /** Says that an image was changed. */
    record ImageUpdated(String name, Map<String, String> labels) implements Event {
        public ImageUpdated {
            labels = Map.copyOf(labels);
        }

        @Override
        public String topic() {
            return "/images/update";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "name" -> Fields.leaf(path, name);
                case "labels" -> Fields.key(path, labels);
                default -> Optional.empty();
            };
        }
    }

    /** Says that an image was deleted. */
    record ImageDeleted(String name) implements Event {
        @Override
        public String topic() {
            return "/images/delete";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "name" -> Fields.leaf(path, name);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a namespace was created. */
    record NamespaceCreated(String name, Map<String, String> labels) implements Event {
        public NamespaceCreated {
            labels = Map.copyOf(labels);
        }

        @Override
        public String topic() {
            return "/namespaces/create";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "name" -> Fields.leaf(path, name);
                case "labels" -> Fields.key(path, labels);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a namespace was changed. */
    record NamespaceUpdated(String name, Map<String, String> labels) implements Event {
        public NamespaceUpdated {
            labels = Map.copyOf(labels);
        }

        @Override
        public String topic() {
            return "/namespaces/update";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "name" -> Fields.leaf(path, name);
                case "labels" -> Fields.key(path, labels);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a namespace was deleted. */
    record NamespaceDeleted(String name) implements Event {
        @Override
        public String topic() {
            return "/namespaces/delete";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "name" -> Fields.leaf(path, name);
                default -> Optional.empty();
            };
        }
    }

    /** Says that an active snapshot was made. */
    record SnapshotPrepared(String key, String parent, String snapshotter) implements Event {
        @Override
        public String topic() {
            return "/snapshot/prepare";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "key" -> Fields.leaf(path, key);
                case "parent" -> Fields.leaf(path, parent);
                case "snapshotter" -> Fields.leaf(path, snapshotter);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a snapshot was committed. */
    record SnapshotCommitted(String key, String name, String snapshotter) implements Event {
        @Override
        public String topic() {
            return "/snapshot/commit";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "key" -> Fields.leaf(path, key);
                case "name" -> Fields.leaf(path, name);
                case "snapshotter" -> Fields.leaf(path, snapshotter);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a snapshot was removed. */
    record SnapshotRemoved(String key, String snapshotter) implements Event {
        @Override
        public String topic() {
            return "/snapshot/remove";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "key" -> Fields.leaf(path, key);
                case "snapshotter" -> Fields.leaf(path, snapshotter);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a sandbox was created. */
    record SandboxCreated(String sandboxId) implements Event {
        @Override
        public String topic() {
            return "/sandboxes/create";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "sandbox_id" -> Fields.leaf(path, sandboxId);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a sandbox was started. */
    record SandboxStarted(String sandboxId) implements Event {
        @Override
        public String topic() {
            return "/sandboxes/start";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "sandbox_id" -> Fields.leaf(path, sandboxId);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a sandbox ended. */
    record SandboxExited(String sandboxId, int exitStatus, Instant exitedAt) implements Event {
        @Override
        public String topic() {
            return "/sandboxes/exit";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "sandbox_id" -> Fields.leaf(path, sandboxId);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a task was created. */
    record TaskCreated(String containerId, String bundle, List<Mount> rootfs, TaskIo io, String checkpoint, int pid)
            implements Event {
        public TaskCreated {
            rootfs = List.copyOf(rootfs);
        }

        @Override
        public String topic() {
            return "/tasks/create";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "container_id" -> Fields.leaf(path, containerId);
                case "bundle" -> Fields.leaf(path, bundle);
                case "checkpoint" -> Fields.leaf(path, checkpoint);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a task was started. */
    record TaskStarted(String containerId, int pid) implements Event {
        @Override
        public String topic() {
            return "/tasks/start";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "container_id" -> Fields.leaf(path, containerId);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a process of a task ended. */
    record TaskExited(String containerId, String id, int pid, int exitStatus, Instant exitedAt) implements Event {
        @Override
        public String topic() {
            return "/tasks/exit";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "container_id" -> Fields.leaf(path, containerId);
                case "id" -> Fields.leaf(path, id);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a process of a task was deleted. */
    record TaskDeleted(String containerId, int pid, int exitStatus, Instant exitedAt, String id) implements Event {
        @Override
        public String topic() {
            return "/tasks/delete";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "container_id" -> Fields.leaf(path, containerId);
                case "id" -> Fields.leaf(path, id);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a task ran out of memory. */
    record TaskOom(String containerId) implements Event {
        @Override
        public String topic() {
            return "/tasks/oom";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "container_id" -> Fields.leaf(path, containerId);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a process was added to a task. */
    record TaskExecAdded(String containerId, String execId) implements Event {
        @Override
        public String topic() {
            return "/tasks/exec-added";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "container_id" -> Fields.leaf(path, containerId);
                case "exec_id" -> Fields.leaf(path, execId);
                default -> Optional.empty();
            };
        }
    }

    /** Says that an added process was started. */
    record TaskExecStarted(String containerId, String execId, int pid) implements Event {
        @Override
        public String topic() {
            return "/tasks/exec-started";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "container_id" -> Fields.leaf(path, containerId);
                case "exec_id" -> Fields.leaf(path, execId);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a task was paused. */
    record TaskPaused(String containerId) implements Event {
        @Override
        public String topic() {
            return "/tasks/paused";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "container_id" -> Fields.leaf(path, containerId);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a task was resumed. */
    record TaskResumed(String containerId) implements Event {
        @Override
        public String topic() {
            return "/tasks/resumed";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "container_id" -> Fields.leaf(path, containerId);
                default -> Optional.empty();
            };
        }
    }

    /** Says that a task was checkpointed. */
    record TaskCheckpointed(String containerId, String checkpoint) implements Event {
        @Override
        public String topic() {
            return "/tasks/checkpointed";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return switch (path.getFirst()) {
                case "container_id" -> Fields.leaf(path, containerId);
                case "checkpoint" -> Fields.leaf(path, checkpoint);
                default -> Optional.empty();
            };
        }
    }

    /** An event of another program, with its bytes as they came. */
    record Foreign(TypedValue value) implements Event {
        @Override
        public String topic() {
            return "";
        }

        @Override
        public Optional<String> field(List<String> path) {
            return Optional.empty();
        }
    }
}
