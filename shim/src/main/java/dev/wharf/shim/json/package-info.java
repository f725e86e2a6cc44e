/**
 * JSON as trees of the JDK's own types: what config.json, options.json, log.json and the state file are read and
 * written by. Only the streaming core of Jackson is below it, as a shim has to be small. Uses nothing of ours.
 */
@NullMarked
package dev.wharf.shim.json;

import org.jspecify.annotations.NullMarked;
