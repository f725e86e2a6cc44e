/**
 * Standard streams of modules: FIFOs of clients, log files, logger programs. Source: contract 7.6.
 */
@NullMarked
package dev.wharf.cmd.shimwasi.stdio;

import org.jspecify.annotations.NullMarked;
