/**
 * Images as a client handles them: their configs, names and platforms, and transfers for daemons that have none.
 *
 * <p>{@link dev.wharf.client.image.ClientTransfers} does core's pulls and imports over the wire; JSON is read by Jackson.
 */
@NullMarked
package dev.wharf.client.image;

import org.jspecify.annotations.NullMarked;
