/**
 * Conversions between core values and messages that several services need. Converters of one service's own messages
 * stand beside that service.
 *
 * <p>May use core and api only. Absent messages become null or the empty value, never the other way round by accident:
 * each method says which. Times: {@code EPOCH} stands for "never".
 */
@NullMarked
package dev.wharf.services.convert;

import org.jspecify.annotations.NullMarked;
