/** Tests of the transfer and streaming services together, over a transport in this process. */
@NullMarked
package dev.wharf.services.transfer;

import org.jspecify.annotations.NullMarked;
