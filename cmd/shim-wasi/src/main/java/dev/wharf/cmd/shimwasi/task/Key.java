package dev.wharf.cmd.shimwasi.task;

import dev.wharf.shim.Call;

/** A container: its id is unique within its namespace only. */
record Key(String namespace, String id) {
    static Key of(Call call, String id) {
        return new Key(call.namespace(), id);
    }
}
