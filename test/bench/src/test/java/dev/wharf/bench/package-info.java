@NullMarked
package dev.wharf.bench;

import org.jspecify.annotations.NullMarked;
