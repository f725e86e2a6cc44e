package dev.wharf.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A CNI network with the bridge plugin, for programs that look for it in {@code /etc/cni/net.d} and {@code /opt/cni/bin}:
 * they are run in a mount namespace of their own in which these are laid over the machine's, which stays as it is.
 */
final class CniBridge implements AutoCloseable {
    private static final String NAME = "wharftest0";
    private static final String NETWORK = "10.213.77.";

    private final Path directory;

    private CniBridge(Path directory) {
        this.directory = directory;
    }

    static CniBridge create(Path parent) throws IOException {
        Path directory = Files.createDirectory(parent.resolve("cni"));
        for (String part : List.of("etc/cni/net.d", "etc-work", "opt/cni", "opt-work", "data")) {
            Files.createDirectories(directory.resolve(part));
        }
        Files.createSymbolicLink(directory.resolve("opt/cni/bin"), Path.of("/usr/lib/cni"));
        Files.writeString(directory.resolve("etc/cni/net.d/10-wharftest.conflist"), """
                {"cniVersion":"0.4.0","name":"wharftest","plugins":[
                  {"type":"bridge","bridge":"%s","isGateway":true,
                   "ipam":{"type":"host-local","subnet":"%s0/24","dataDir":"%s"}}]}
                """.formatted(
                        NAME, NETWORK, directory.resolve("data")));
        return new CniBridge(directory);
    }

    /** The address of the bridge. */
    String gateway() {
        return NETWORK + "1";
    }

    /** What the addresses of containers start with. */
    String network() {
        return NETWORK;
    }

    /** The command line that runs {@code command} where it finds the network. */
    List<String> wrap(List<String> command) {
        String script = overlay("etc") + " && " + overlay("opt") + " && exec \"$@\"";
        List<String> wrapped =
                new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"));
        wrapped.addAll(command);
        return wrapped;
    }

    private String overlay(String part) {
        return "mount -t overlay overlay -o lowerdir=/%s,upperdir=%s,workdir=%s /%s"
                .formatted(part, directory.resolve(part), directory.resolve(part + "-work"), part);
    }

    @Override
    public void close() {
        Programs.run("ip", "link", "del", NAME).ok();
    }
}
