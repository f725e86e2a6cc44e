@NullMarked
package dev.wharf.client.remote;

import org.jspecify.annotations.NullMarked;
