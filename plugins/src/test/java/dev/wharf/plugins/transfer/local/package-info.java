/** Tests of transfers over real stores, with a registry in this process that counts what it sends. */
@NullMarked
package dev.wharf.plugins.transfer.local;

import org.jspecify.annotations.NullMarked;
