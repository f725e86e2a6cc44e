/** Tests of who is reached through which proxy. */
@NullMarked
package dev.wharf.lib.registry.proxy;

import org.jspecify.annotations.NullMarked;
