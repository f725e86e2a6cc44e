package dev.wharf.client.run;

import java.util.List;

/**
 * Another process for a container.
 *
 * @param containerId where
 * @param execId its id, an identifier
 * @param args its command line
 * @param env variables over those of the container, {@code NAME=value} each
 * @param cwd working directory, or empty for the container's
 * @param user {@code user[:group]}, or empty for the container's
 * @param terminal whether it has a terminal
 */
public record ExecRequest(
        String containerId,
        String execId,
        List<String> args,
        List<String> env,
        String cwd,
        String user,
        boolean terminal) {
    public ExecRequest {
        args = List.copyOf(args);
        env = List.copyOf(env);
    }
}
