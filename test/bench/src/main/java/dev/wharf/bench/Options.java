package dev.wharf.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to measure.
 *
 * @param workloads the names of those that run
 * @param repetitions values of each measure
 * @param warmups rounds before them that are not counted
 * @param layerMebibytes size of each of the six large layers before compression
 * @param smallFiles how many files the other image has
 * @param objects how many containers and images are listed
 * @param calls how many unary calls each client makes for one value
 * @param containers how many are running when memory is measured, rising
 * @param containerd the other daemon's program
 * @param dist wharf's directory
 * @param json whether the result is printed as JSON
 */
record Options(
        List<String> workloads,
        int repetitions,
        int warmups,
        int layerMebibytes,
        int smallFiles,
        int objects,
        int calls,
        List<Integer> containers,
        String containerd,
        Path dist,
        boolean json) {
    static final String USAGE = """
            usage: wharf-bench [options]
                   wharf-bench --jmh [options of JMH]   benchmarks of single parts, such as --jmh -f 1 Metadata
              --quick | --full        small work and 2 repetitions | large work [in between]
              --workloads NAME,...    only these: %s
              --repetitions N         values of each measure [5]
              --warmups N             rounds before them that are not counted [1]
              --layer-mebibytes N     size of each of six large layers [16]
              --small-files N         files in the other image [10000]
              --objects N             containers, and images, that are listed [10000]
              --calls N               unary calls of each client for one value [2000]
              --containers N,...      running while memory is measured, besides none [1,50]
              --containerd PROGRAM    the other daemon [$CONTAINERD, then containerd on PATH]
              --dist DIRECTORY        wharf [dist/target/wharf]
              --format table|json     how the result is printed [table]
            """;

    private static final List<Integer> FEW = List.of(1, 50);

    Options {
        workloads = List.copyOf(workloads);
        containers = List.copyOf(containers);
    }

    /** A usage error, with a text for people. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    /** Reads a command line; options override {@code --quick} and {@code --full} wherever they stand. */
    static Options parse(List<String> arguments, List<String> workloads) {
        Options options = start(arguments, workloads);
        List<String> rest = new ArrayList<>(arguments);
        rest.removeAll(List.of("--quick", "--full"));
        if (rest.size() % 2 != 0) {
            throw new UsageException("option " + rest.getLast() + " is unknown or has no value");
        }
        for (int i = 0; i < rest.size(); i += 2) {
            options = options.with(rest.get(i), rest.get(i + 1), workloads);
        }
        return options;
    }

    private static Options start(List<String> arguments, List<String> workloads) {
        String named = System.getenv("CONTAINERD");
        String containerd = named == null || named.isEmpty() ? "containerd" : named;
        Path dist = Path.of("dist/target/wharf");
        if (arguments.contains("--quick")) {
            return new Options(workloads, 2, 1, 16, 2_000, 1_000, 200, List.of(1, 5), containerd, dist, false);
        }
        if (arguments.contains("--full")) {
            return new Options(
                    workloads, 5, 1, 64, 100_000, 10_000, 5_000, List.of(1, 50, 250), containerd, dist, false);
        }
        return new Options(workloads, 5, 1, 16, 10_000, 10_000, 2_000, FEW, containerd, dist, false);
    }

    private Options with(String option, String value, List<String> known) {
        return switch (option) {
            case "--workloads" -> workloads(names(value, known));
            case "--repetitions" -> counts(number(option, value), warmups);
            case "--warmups" -> counts(repetitions, number(option, value));
            case "--layer-mebibytes" -> sizes(number(option, value), smallFiles, objects, calls);
            case "--small-files" -> sizes(layerMebibytes, number(option, value), objects, calls);
            case "--objects" -> sizes(layerMebibytes, smallFiles, number(option, value), calls);
            case "--calls" -> sizes(layerMebibytes, smallFiles, objects, number(option, value));
            case "--containers" -> containers(numbers(option, value));
            case "--containerd" -> programs(value, dist, json);
            case "--dist" -> programs(containerd, Path.of(value), json);
            case "--format" -> programs(containerd, dist, isJson(value));
            default -> throw new UsageException("there is no option " + option);
        };
    }

    private Options workloads(List<String> names) {
        return new Options(
                names,
                repetitions,
                warmups,
                layerMebibytes,
                smallFiles,
                objects,
                calls,
                containers,
                containerd,
                dist,
                json);
    }

    private Options counts(int values, int before) {
        return new Options(
                workloads,
                values,
                before,
                layerMebibytes,
                smallFiles,
                objects,
                calls,
                containers,
                containerd,
                dist,
                json);
    }

    private Options sizes(int mebibytes, int files, int listed, int unary) {
        return new Options(
                workloads, repetitions, warmups, mebibytes, files, listed, unary, containers, containerd, dist, json);
    }

    private Options containers(List<Integer> counts) {
        return new Options(
                workloads,
                repetitions,
                warmups,
                layerMebibytes,
                smallFiles,
                objects,
                calls,
                counts,
                containerd,
                dist,
                json);
    }

    private Options programs(String daemon, Path wharf, boolean asJson) {
        return new Options(
                workloads,
                repetitions,
                warmups,
                layerMebibytes,
                smallFiles,
                objects,
                calls,
                containers,
                daemon,
                wharf,
                asJson);
    }

    private static List<String> names(String value, List<String> known) {
        List<String> names = List.of(value.split(",", -1));
        for (String name : names) {
            if (!known.contains(name)) {
                throw new UsageException("there is no workload " + name + "; there are " + String.join(", ", known));
            }
        }
        return names;
    }

    private static boolean isJson(String value) {
        return switch (value) {
            case "json" -> true;
            case "table" -> false;
            default -> throw new UsageException("--format is table or json, not " + value);
        };
    }

    private static List<Integer> numbers(String option, String value) {
        return List.of(value.split(",", -1)).stream()
                .map(part -> number(option, part))
                .sorted()
                .toList();
    }

    private static int number(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UsageException(option + " takes a number that is not negative, not " + value);
    }
}
