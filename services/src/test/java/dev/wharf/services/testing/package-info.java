/** Fakes of core's interfaces, kept in memory, and a server that binds the services over them. */
@NullMarked
package dev.wharf.services.testing;

import org.jspecify.annotations.NullMarked;
