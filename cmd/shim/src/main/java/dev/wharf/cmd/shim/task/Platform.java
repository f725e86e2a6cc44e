package dev.wharf.cmd.shim.task;

import dev.wharf.cmd.shim.engine.EngineKinds;
import dev.wharf.cmd.shim.engine.EngineRunner;
import dev.wharf.cmd.shim.hold.DescriptorStore;
import dev.wharf.cmd.shim.loop.EventLoop;
import dev.wharf.cmd.shim.loop.ProcessWatcher;
import dev.wharf.cmd.shim.sandbox.Sandboxes;
import dev.wharf.cmd.shim.stdio.Streams;
import dev.wharf.shim.ShimContext;

/**
 * What all containers of this process share.
 *
 * @param context what the framework gives
 * @param loop watches descriptors
 * @param watcher tells when processes end
 * @param runner runs engines
 * @param kinds knows which engine is which
 * @param streams opens standard streams
 * @param store keeps descriptors beyond this process
 * @param sandboxes the pods
 * @param orphans reaps what nobody else does
 * @param bundles the bundles of all containers, as a later process finds them
 */
record Platform(
        ShimContext context,
        EventLoop loop,
        ProcessWatcher watcher,
        EngineRunner runner,
        EngineKinds kinds,
        Streams streams,
        DescriptorStore store,
        BundleIndex bundles,
        Sandboxes sandboxes,
        Orphans orphans) {}
