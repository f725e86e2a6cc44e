/**
 * config.toml: read with its imports, brought to version 4, merged, and turned into one record for each concern.
 *
 * <p>Files become trees of {@link dev.wharf.cmd.wharfd.config.Node} that remember where each value stood. A
 * {@link dev.wharf.cmd.wharfd.config.Section} hands values to the {@code read} method of a record, which is the one
 * place where a key, its kind and its default are written; what was read, in order, is also what {@code config dump}
 * prints. All errors are collected and told at once; unknown keys are warned of and never stop the daemon. May use
 * {@code core.error} and tomlj only.
 */
@NullMarked
package dev.wharf.cmd.wharfd.config;

import org.jspecify.annotations.NullMarked;
