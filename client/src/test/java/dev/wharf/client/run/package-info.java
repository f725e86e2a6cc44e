@NullMarked
package dev.wharf.client.run;

import org.jspecify.annotations.NullMarked;
