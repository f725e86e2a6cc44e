/**
 * A client of OCI registries: names, hosts and mirrors, tokens, manifests, blobs, uploads; one class an endpoint.
 *
 * <p>{@code Registry} speaks to one host, {@code MirroredRegistry} to a registry with its mirrors and says which of them
 * answered. Blocking calls over Apache HttpClient (ADR 10). Uses it, Jackson and the packages for TLS and proxies below,
 * and knows nothing of containers or stores: what it answers are its own records. {@code RegistryConnection} is the one
 * place a request leaves from and holds what must stay true: every request has a deadline and every answer a bound, an
 * Authorization header never reaches another host than the one it is for, and a failure names the host, the request, the
 * status and what to do, and no secret. Sources: OCI distribution specification; OCI image specification; Docker registry,
 * "Token Authentication Specification" and "OAuth2".
 */
@NullMarked
package dev.wharf.lib.registry;

import org.jspecify.annotations.NullMarked;
