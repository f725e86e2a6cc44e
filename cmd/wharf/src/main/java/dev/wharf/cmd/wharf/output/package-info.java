/**
 * What the program prints: tables, JSON, ages and sizes for people, progress. Needs nothing but the JDK and core.
 */
@NullMarked
package dev.wharf.cmd.wharf.output;

import org.jspecify.annotations.NullMarked;
