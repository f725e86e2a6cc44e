package dev.wharf.api;

import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.List;

/** The descriptors of every .proto file of this module, as compiled. */
final class WireDescriptors {

    private static final List<FileDescriptor> FILES = List.of(
            dev.wharf.api.events.EventsProto.getDescriptor(),
            dev.wharf.api.runc.v1.RuncOptionsProto.getDescriptor(),
            dev.wharf.api.runtime.bootstrap.v1.BootstrapProto.getDescriptor(),
            dev.wharf.api.runtime.sandbox.v1.SandboxProto.getDescriptor(),
            dev.wharf.api.services.containers.v1.ContainersProto.getDescriptor(),
            dev.wharf.api.services.content.v1.ContentProto.getDescriptor(),
            dev.wharf.api.services.diff.v1.DiffProto.getDescriptor(),
            dev.wharf.api.services.events.ttrpc.v1.EventsProto.getDescriptor(),
            dev.wharf.api.services.events.v1.EventsProto.getDescriptor(),
            dev.wharf.api.services.images.v1.ImageEventsProto.getDescriptor(),
            dev.wharf.api.services.images.v1.ImagesProto.getDescriptor(),
            dev.wharf.api.services.introspection.v1.IntrospectionProto.getDescriptor(),
            dev.wharf.api.services.leases.v1.LeasesProto.getDescriptor(),
            dev.wharf.api.services.mounts.v1.MountsProto.getDescriptor(),
            dev.wharf.api.services.namespaces.v1.NamespacesProto.getDescriptor(),
            dev.wharf.api.services.sandbox.v1.ControllerProto.getDescriptor(),
            dev.wharf.api.services.sandbox.v1.StoreProto.getDescriptor(),
            dev.wharf.api.services.snapshots.v1.SnapshotsProto.getDescriptor(),
            dev.wharf.api.services.streaming.v1.StreamingProto.getDescriptor(),
            dev.wharf.api.services.tasks.v1.TasksProto.getDescriptor(),
            dev.wharf.api.services.transfer.v1.TransferProto.getDescriptor(),
            dev.wharf.api.services.version.v1.VersionProto.getDescriptor(),
            dev.wharf.api.runtime.task.v2.TaskProto.getDescriptor(),
            dev.wharf.api.runtime.task.v3.TaskProto.getDescriptor(),
            dev.wharf.api.types.transfer.TransferTypesProto.getDescriptor(),
            dev.wharf.api.types.TypesProto.getDescriptor(),
            dev.wharf.api.types.task.TaskTypesProto.getDescriptor(),
            dev.wharf.api.cgroups.v1.MetricsProto.getDescriptor(),
            dev.wharf.api.cgroups.v2.MetricsProto.getDescriptor(),
            dev.wharf.api.nri.v1alpha1.NriProto.getDescriptor(),
            dev.wharf.api.cri.v1.CriProto.getDescriptor(),
            dev.wharf.api.runtimeoptions.v1.RuntimeOptionsProto.getDescriptor());

    private WireDescriptors() {}

    static List<FileDescriptor> files() {
        return FILES;
    }
}
