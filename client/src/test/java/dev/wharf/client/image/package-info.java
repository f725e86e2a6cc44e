@NullMarked
package dev.wharf.client.image;

import org.jspecify.annotations.NullMarked;
