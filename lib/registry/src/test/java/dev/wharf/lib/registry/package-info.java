/** Tests of the registry client, against Debian's docker-registry and against a server that misbehaves on purpose. */
@NullMarked
package dev.wharf.lib.registry;

import org.jspecify.annotations.NullMarked;
