/**
 * The whole daemon with real peers: stock {@code ctr}, the stock Go shim, {@code runc}, {@code docker-registry}, CNI
 * plugins and overlayfs, all driven as programs. Everything lives below directories and in namespaces named
 * {@code wharf-test…}, so that {@code build/leftovers.sh} can see what a test forgot.
 */
@NullMarked
package dev.wharf.e2e;

import org.jspecify.annotations.NullMarked;
