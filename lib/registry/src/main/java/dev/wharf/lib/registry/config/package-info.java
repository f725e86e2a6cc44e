/**
 * What people configure about registries: {@code hosts.toml} directories, the older tables of mirrors, Docker's config.json
 * and its credential helpers.
 *
 * <p>Uses the package above, tomlj for TOML and Jackson for JSON. Files are read when they are needed, so that a change
 * counts from the next request on; each is bounded in size. Secrets are handed on and appear in no message. A helper is
 * another process: it has a deadline, and its output a bound.
 */
@NullMarked
package dev.wharf.lib.registry.config;

import org.jspecify.annotations.NullMarked;
