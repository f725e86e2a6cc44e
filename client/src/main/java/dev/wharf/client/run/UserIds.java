package dev.wharf.client.run;

import java.util.List;

/**
 * The user a process runs as.
 *
 * @param uid user id
 * @param gid group id
 * @param additionalGids all groups, {@code gid} first
 */
public record UserIds(int uid, int gid, List<Integer> additionalGids) {
    public UserIds {
        additionalGids = List.copyOf(additionalGids);
    }
}
