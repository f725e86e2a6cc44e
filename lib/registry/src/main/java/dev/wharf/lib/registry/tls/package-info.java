/**
 * TLS towards one registry: which authorities are believed and which client certificate is shown, from PEM files.
 *
 * <p>Uses the JDK alone. Private keys are read when a context is made, held by it, and appear in no message. What fails
 * here is a file somebody wrote, so that every error names the file.
 */
@NullMarked
package dev.wharf.lib.registry.tls;

import org.jspecify.annotations.NullMarked;
