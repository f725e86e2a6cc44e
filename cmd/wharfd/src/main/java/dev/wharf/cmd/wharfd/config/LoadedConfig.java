package dev.wharf.cmd.wharfd.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A configuration and what there is to say of it.
 *
 * @param config what counts; only to be used where {@code problems} has no error
 * @param effective the same by key, as {@code config dump} prints it
 * @param problems errors and notes
 */
public record LoadedConfig(ServerConfig config, Map<String, Object> effective, Problems problems) {
    private static final String DEFAULT_IMPORTS = "/etc/containerd/conf.d/*.toml";
    private static final String OCICRYPT = "/etc/containerd/ocicrypt";

    /**
     * Values given on the command line, which win over files.
     *
     * @param address the main socket; the ttRPC one stands beside it unless a file says otherwise
     * @param root {@code --root}
     * @param state {@code --state}
     * @param level {@code --log-level}
     */
    public record Overrides(
            Optional<String> address, Optional<String> root, Optional<String> state, Optional<String> level) {
        /** Nothing given. */
        public static final Overrides NONE =
                new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Reads a file, or, without one, takes the defaults. */
    public static LoadedConfig load(Optional<Path> file, Overrides overrides) {
        Problems problems = new Problems();
        Node.Table tree = defaults();
        file.ifPresent(path -> Merge.over(tree, ConfigFiles.load(path, problems)));
        override(tree, overrides);
        Section section = new Section("", tree, problems);
        ServerConfig config = ServerConfig.read(section);
        return new LoadedConfig(config, section.effective(), problems);
    }

    /** What is there when no file says otherwise and no record can have as its default: entries of lists and tables. */
    private static Node.Table defaults() {
        Node.Table tree = new Node.Table(Position.DEFAULT);
        tree.entries().put("imports", texts(DEFAULT_IMPORTS));
        Node.Table processors = tree.ensure("stream_processors");
        decoder(processors.ensure("io.containerd.ocicrypt.decoder.v1.tar"), "tar");
        decoder(processors.ensure("io.containerd.ocicrypt.decoder.v1.tar.gzip"), "tar+gzip");
        return tree;
    }

    private static void decoder(Node.Table processor, String kind) {
        String returns = "application/vnd.oci.image.layer.v1." + kind;
        processor.entries().put("accepts", texts(returns + "+encrypted"));
        processor.entries().put("returns", new Node.Scalar(returns, Position.DEFAULT));
        processor.entries().put("path", new Node.Scalar("ctd-decoder", Position.DEFAULT));
        processor.entries().put("args", texts("--decryption-keys-path", OCICRYPT + "/keys"));
        processor.entries().put("env", texts("OCICRYPT_KEYPROVIDER_CONFIG=" + OCICRYPT + "/ocicrypt_keyprovider.conf"));
    }

    private static Node texts(String... texts) {
        List<Node> nodes = Stream.of(texts)
                .<Node>map(text -> new Node.Scalar(text, Position.DEFAULT))
                .toList();
        return new Node.Items(nodes, Position.DEFAULT);
    }

    private static void override(Node.Table tree, Overrides overrides) {
        Position here = new Position("command line", 0, 0);
        overrides.root().ifPresent(root -> tree.entries().put("root", new Node.Scalar(root, here)));
        overrides.state().ifPresent(state -> tree.entries().put("state", new Node.Scalar(state, here)));
        overrides.level().ifPresent(level -> tree.ensure("debug").entries().put("level", new Node.Scalar(level, here)));
        overrides.address().ifPresent(address -> address(tree.ensure("plugins"), address, here));
    }

    private static void address(Node.Table plugins, String address, Position here) {
        Node.Table grpc = plugins.ensure(PluginSections.GRPC);
        grpc.entries().put("address", new Node.Scalar(address, here));
        if (plugins.get(PluginSections.TTRPC) == null) {
            Node.Table ttrpc = plugins.ensure(PluginSections.TTRPC);
            ttrpc.entries().put("address", new Node.Scalar(address + TtrpcConfig.SUFFIX, here));
            for (String owner : List.of("uid", "gid")) {
                Optional.ofNullable(grpc.get(owner))
                        .ifPresent(value -> ttrpc.entries().put(owner, value));
            }
        }
    }
}
