package dev.wharf.cmd.shim.engine;

import java.util.Arrays;
import java.util.Optional;

/**
 * Which program an engine is, and the specification it was made for.
 *
 * @param family the program
 * @param specification version of the OCI runtime specification it names, empty when it names none
 */
record EngineKind(Family family, Optional<SpecVersion> specification) {
    /** The programs whose ways are known. */
    enum Family {
        RUNC,
        CRUN,
        YOUKI,
        RUNSC,
        OTHER
    }

    /** Reads what an engine prints for {@code --version}. */
    static EngineKind ofVersionText(String text) {
        return new EngineKind(family(text), specification(text));
    }

    private static Family family(String text) {
        return Arrays.stream(Family.values())
                .filter(family -> text.toLowerCase(java.util.Locale.ROOT)
                        .startsWith(family.name().toLowerCase(java.util.Locale.ROOT) + " "))
                .findFirst()
                .orElse(Family.OTHER);
    }

    private static Optional<SpecVersion> specification(String text) {
        return text.lines()
                .filter(line -> line.startsWith("spec:"))
                .map(line -> SpecVersion.parse(line.substring("spec:".length()).strip()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Whether a container's processes are processes of this kernel, which can be signalled directly. */
    boolean sharesKernel() {
        return family == Family.RUNC || family == Family.CRUN || family == Family.YOUKI;
    }

    /** Whether it takes any version of the specification, as runc does. */
    boolean takesAnyVersion() {
        return family == Family.RUNC;
    }

    /** The version config.json has to name for this engine; runc takes any, others refuse what is newer than they are. */
    Optional<SpecVersion> adapted(SpecVersion wanted) {
        return takesAnyVersion() ? Optional.empty() : specification.filter(own -> wanted.isNewerLineThan(own));
    }

    /** Whether {@code create} takes {@code --no-new-keyring}. */
    boolean knowsKeyrings() {
        return family != Family.RUNSC;
    }
}
