/**
 * The log: slf4j's (and java.util.logging's) lines written to stderr in the text or JSON form containerd uses.
 *
 * <p>Peers parse these lines, and no library of that size writes them: {@code time="…" level=info msg="…" key=value},
 * key-value pairs as fields of their own. A line is one write, so that lines of several threads do not mix. Knows
 * nothing of the rest of wharfd.
 */
@NullMarked
package dev.wharf.cmd.wharfd.log;

import org.jspecify.annotations.NullMarked;
