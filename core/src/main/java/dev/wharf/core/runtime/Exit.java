package dev.wharf.core.runtime;

import java.time.Instant;

/**
 * How a process ended.
 *
 * @param pid its pid in the daemon's pid namespace
 * @param status exit code, or 128 + signal; 255 when it could not be learned
 * @param at when
 */
public record Exit(int pid, int status, Instant at) {}
