package dev.wharf.services.diff;

import dev.wharf.core.context.Context;
import dev.wharf.core.diff.Applier;
import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.mount.Mount;
import dev.wharf.core.oci.Descriptor;
import java.util.List;

/** Several appliers as one: the first that handles a layer applies it. */
public final class OrderedAppliers implements Applier {
    private final List<Applier> appliers;

    /** One that asks these in order; none of them handles nothing. */
    public OrderedAppliers(List<Applier> appliers) {
        this.appliers = List.copyOf(appliers);
    }

    @Override
    public Descriptor apply(Context ctx, Descriptor diff, List<Mount> mounts, Options options) {
        WharfException last = ErrorKind.NOT_IMPLEMENTED.of("no differ applies " + diff.mediaType());
        for (Applier applier : appliers) {
            try {
                return applier.apply(ctx, diff, mounts, options);
            } catch (WharfException e) {
                if (e.kind() != ErrorKind.NOT_IMPLEMENTED) {
                    throw e;
                }
                last = e;
            }
        }
        throw last;
    }
}
