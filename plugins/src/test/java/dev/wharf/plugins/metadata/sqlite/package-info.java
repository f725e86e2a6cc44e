/** Tests of the metadata database, its stores and its collector. */
@NullMarked
package dev.wharf.plugins.metadata.sqlite;

import org.jspecify.annotations.NullMarked;
