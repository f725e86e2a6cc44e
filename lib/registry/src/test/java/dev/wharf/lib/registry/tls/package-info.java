/** Tests of the PEM files people have. */
@NullMarked
package dev.wharf.lib.registry.tls;

import org.jspecify.annotations.NullMarked;
