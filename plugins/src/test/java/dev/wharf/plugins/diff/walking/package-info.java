/** Tests of the walking differ's apply on real directories and overlays; they need root. */
@NullMarked
package dev.wharf.plugins.diff.walking;

import org.jspecify.annotations.NullMarked;
