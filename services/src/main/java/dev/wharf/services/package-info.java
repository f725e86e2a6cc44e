/**
 * Containerd's services over the interfaces of core: requests are decoded and checked, given to core, and its values
 * encoded again; nothing is decided here that another edge would have to decide too.
 *
 * <p>May use core, api and wire, which has the conversions between values and messages. The service objects are
 * transport-free: the daemon binds the same ones to gRPC and ttRPC.
 */
@NullMarked
package dev.wharf.services;

import org.jspecify.annotations.NullMarked;
