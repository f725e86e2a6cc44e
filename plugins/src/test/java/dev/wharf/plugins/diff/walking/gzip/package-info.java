@NullMarked
package dev.wharf.plugins.diff.walking.gzip;

import org.jspecify.annotations.NullMarked;
