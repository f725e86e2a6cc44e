/** Tests of what people configure, with files as they write them. */
@NullMarked
package dev.wharf.lib.registry.config;

import org.jspecify.annotations.NullMarked;
