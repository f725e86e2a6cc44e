package dev.wharf.shim.rpc;

import dev.wharf.shim.Call;

/** A method of a service as a runtime has it: one request, one answer, blocking. */
@FunctionalInterface
interface Method<Q, A> {
    A call(Call call, Q request) throws InterruptedException;

    /** A method that only does something. */
    @FunctionalInterface
    interface Action<Q> {
        void call(Call call, Q request);
    }
}
