package dev.wharf.bench;

/** One kind of work that both daemons do. */
interface Workload {
    /** The name it is chosen by. */
    String name();

    /** Does it on both daemons in turn and adds what was measured. */
    void measure(Arena arena, Medians medians);
}
