/** Archives as no program would write them. Only the JDK. */
@NullMarked
package dev.wharf.testkit.tar;

import org.jspecify.annotations.NullMarked;
