package dev.wharf.bench;

import dev.wharf.client.ServerVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The program: runs the workloads that were asked for, one after the other, and prints the report. */
public final class Main {
    private static final int USAGE = 2;

    private static final List<Workload> WORKLOADS = List.of(
            new FirstAnswer(),
            new Memory(),
            new UnaryCalls(),
            new Listings(),
            new StartToExit(),
            PullAndUnpack.largeLayers(),
            PullAndUnpack.smallFiles(),
            new ListCommand());

    private final Options options;
    private final Medians medians = new Medians();
    private final List<String> notes = new ArrayList<>();
    private String wharfd = "";
    private String other = "";
    private boolean failed;

    private Main(Options options) {
        this.options = options;
    }

    /** Ends with 0 when all workloads ran, 1 when one failed, 2 when the command line is wrong. */
    public static void main(String[] arguments) throws IOException {
        List<String> names = WORKLOADS.stream().map(Workload::name).toList();
        if (List.of(arguments).contains("--help")) {
            System.out.printf(Options.USAGE, String.join(" ", names));
            return;
        }
        if (List.of(arguments).contains("--jmh")) {
            org.openjdk.jmh.Main.main(Stream.of(arguments)
                    .filter(argument -> !argument.equals("--jmh"))
                    .toArray(String[]::new));
            return;
        }
        try {
            System.exit(new Main(Options.parse(List.of(arguments), names)).run());
        } catch (Options.UsageException e) {
            System.err.println("bench: " + e.getMessage());
            System.err.printf(Options.USAGE, String.join(" ", names));
            System.exit(USAGE);
        }
    }

    private int run() {
        if (!Files.isExecutable(options.dist().resolve("bin/wharfd"))) {
            throw new Options.UsageException("there is no bin/wharfd in " + options.dist() + ": run make dist");
        }
        try (Arena arena = new Arena(options)) {
            Thread hook = new Thread(arena::close, "clean-up");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                all(arena);
            } finally {
                arena.close();
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
        Report report = new Report(medians.rows(), wharfd, other, notes);
        System.out.print(options.json() ? report.json() : report.table());
        return failed ? 1 : 0;
    }

    private void all(Arena arena) {
        arena.withPair(pair -> {
            wharfd = text(pair.wharfd().client().version());
            other = text(pair.other().client().version());
        });
        notes.add("Both by gRPC, each with its own shim, with the same engine, without CRI and NRI; "
                + options.warmups() + " rounds before those that count.");
        for (Workload workload : WORKLOADS) {
            if (options.workloads().contains(workload.name())) {
                System.err.println("bench: " + workload.name());
                one(arena, workload);
            }
        }
    }

    /** What one workload cannot do is no reason to lose the others. */
    private void one(Arena arena, Workload workload) {
        try {
            workload.measure(arena, medians);
        } catch (RuntimeException e) {
            failed = true;
            notes.add("FAILED " + workload.name() + ": " + e.getMessage());
            e.printStackTrace();
        }
    }

    private static String text(ServerVersion version) {
        return (version.version() + " " + version.revision()).strip();
    }
}
