package dev.wharf.lib.registry.config;

import dev.wharf.lib.registry.HostsSource;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RegistryException.Kind;
import dev.wharf.lib.registry.RegistryHost;
import dev.wharf.lib.registry.tls.HostTls;
import dev.wharf.lib.registry.tls.HostTls.ClientPair;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Hosts by directories of configuration, such as {@code /etc/containerd/certs.d}: for a registry {@code host:port} the
 * first that exists of {@code host_port_}, {@code host:port} and {@code _default}, in the first root that has one. In it
 * is a {@code hosts.toml}, or, as with Docker, {@code *.crt} files of authorities and {@code *.cert} with {@code *.key} of
 * the client. Nothing found means the registry itself. Source: containerd, "Registry Configuration".
 */
public final class HostDirectories implements HostsSource {
    private final List<Path> roots;
    private final boolean plainHttp;
    private final Consumer<String> warnings;

    /**
     * Hosts configured below some roots.
     *
     * @param plainHttp whether registries that no file gives a URL are spoken to without encryption
     * @param warnings told of a {@code hosts.toml} that cannot be used and is passed over, as containerd does
     */
    public HostDirectories(List<Path> roots, boolean plainHttp, Consumer<String> warnings) {
        this.roots = List.copyOf(roots);
        this.plainHttp = plainHttp;
        this.warnings = warnings;
    }

    /** The roots in a list with colons between them, as in {@code config_path}; empty elements are left out. */
    public static List<Path> split(String list) {
        return Arrays.stream(list.split(":", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(Path::of)
                .toList();
    }

    @Override
    public List<RegistryHost> of(String name) {
        Optional<Path> directory = directory(name);
        RegistryHost usual = RegistryHost.of(name, plainHttp);
        return directory.isPresent() ? load(directory.get(), usual) : List.of(usual);
    }

    private Optional<Path> directory(String name) {
        if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
            throw new RegistryException(Kind.INVALID, "registry host \"" + name + "\" is not valid");
        }
        int colon = name.lastIndexOf(':');
        Stream<String> underscored =
                colon > 0 ? Stream.of(name.substring(0, colon) + "_" + name.substring(colon + 1) + "_") : Stream.of();
        List<String> names =
                Stream.concat(underscored, Stream.of(name, "_default")).toList();
        return roots.stream()
                .flatMap(root -> names.stream().map(root::resolve))
                .filter(Files::isDirectory)
                .findFirst();
    }

    private List<RegistryHost> load(Path directory, RegistryHost usual) {
        Path file = directory.resolve("hosts.toml");
        try {
            byte[] document = read(file);
            if (document.length > 0) {
                try {
                    return HostsFile.parse(document, directory, usual);
                } catch (IllegalArgumentException | RegistryException e) {
                    warnings.accept(file + " is passed over: " + e.getMessage());
                }
            }
            return List.of(usual.withTls(certificates(directory, usual.tls())));
        } catch (IOException e) {
            throw new RegistryException(Kind.INVALID, "settings of " + usual.name() + " cannot be read: " + e, e);
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            return BoundedFile.read(file);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private static HostTls certificates(Path directory, HostTls usual) throws IOException {
        List<Path> authorities = new ArrayList<>();
        List<ClientPair> clients = new ArrayList<>();
        for (Path file : files(directory)) {
            String name = file.getFileName().toString();
            if (name.endsWith(".crt")) {
                authorities.add(file);
            } else if (name.endsWith(".cert")) {
                Path key = file.resolveSibling(name.substring(0, name.length() - ".cert".length()) + ".key");
                clients.add(new ClientPair(file, Files.exists(key) ? key : null));
            }
        }
        return new HostTls(authorities, clients, usual.skipVerify());
    }

    private static List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            all.forEach(files::add);
        }
        files.removeIf(Files::isDirectory);
        files.sort(null);
        return files;
    }
}
