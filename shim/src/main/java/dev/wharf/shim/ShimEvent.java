package dev.wharf.shim;

import com.google.protobuf.Message;

/**
 * An event of a container.
 *
 * @param namespace of the container
 * @param container id of the container, or of the sandbox: events of one id keep their order
 * @param topic one of {@link Topics}
 * @param message what happened: a message of containerd.events
 */
public record ShimEvent(String namespace, String container, String topic, Message message) {}
