/**
 * What this runtime uses of an OCI runtime configuration. Source: the OCI runtime specification, config.md.
 */
@NullMarked
package dev.wharf.cmd.shimwasi.spec;

import org.jspecify.annotations.NullMarked;
