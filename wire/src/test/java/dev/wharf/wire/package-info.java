@NullMarked
package dev.wharf.wire;

import org.jspecify.annotations.NullMarked;
