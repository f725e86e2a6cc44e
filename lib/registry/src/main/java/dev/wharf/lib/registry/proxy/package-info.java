/**
 * Which web proxy a request goes through, by the environment variables people set: {@code HTTP_PROXY}, {@code
 * HTTPS_PROXY}, {@code NO_PROXY}.
 *
 * <p>Uses the JDK alone. Nothing is looked up in the name service to decide, and a proxy's password appears in no message.
 */
@NullMarked
package dev.wharf.lib.registry.proxy;

import org.jspecify.annotations.NullMarked;
