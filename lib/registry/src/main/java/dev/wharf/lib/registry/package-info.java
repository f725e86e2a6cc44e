/**
 * A client of OCI registries: names, hosts, tokens, manifests, blobs; one class an endpoint.
 *
 * <p>Blocking calls over the JDK's HTTP client. Uses the JDK and Jackson and knows nothing of containers or stores: what
 * it answers are its own records. {@code RegistryConnection} is the one place a request leaves from and holds what must
 * stay true: every request has a deadline and every answer a bound, an Authorization header never reaches another host
 * than the registry's, and a failure names the host, the request, the status and what to do. Sources: OCI distribution
 * specification; OCI image specification; Docker registry, "Token Authentication Specification" and "OAuth2".
 */
@NullMarked
package dev.wharf.lib.registry;

import org.jspecify.annotations.NullMarked;
