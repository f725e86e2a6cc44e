package dev.wharf.lib.registry.config;

import dev.wharf.lib.registry.RegistryHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * A {@code hosts.toml}: tables {@code [host."URL"]} in the order they are asked, then the {@code server} of the top level
 * with the settings there; without a {@code server} that is the registry itself. Source: containerd, "Registry
 * Configuration".
 */
final class HostsFile {
    private HostsFile() {}

    /**
     * The hosts a file lists for a registry.
     *
     * @param directory where the file is; paths in it are relative to that
     * @param usual the registry itself when nothing is configured
     * @throws IllegalArgumentException when the file is no TOML, or a key has a value it cannot have
     */
    static List<RegistryHost> parse(byte[] document, Path directory, RegistryHost usual) {
        TomlParseResult file = Toml.parse(new String(document, StandardCharsets.UTF_8));
        if (file.hasErrors()) {
            throw new IllegalArgumentException(file.errors().getFirst().position() + ": "
                    + file.errors().getFirst().getMessage());
        }
        List<RegistryHost> hosts = new ArrayList<>();
        TomlTable tables = HostTable.table(file, "host");
        if (tables != null) {
            for (String url : tables.keySet()) {
                TomlTable table = HostTable.table(tables, url);
                if (table == null) {
                    throw new IllegalArgumentException("host." + url + " is not a table");
                }
                hosts.add(new HostTable(table, directory, "host.\"" + url + "\"").host(usual.name(), url));
            }
        }
        HostTable top = new HostTable(file, directory, "hosts.toml");
        String server = top.text("server");
        hosts.add(server.isEmpty() ? top.usual(usual) : top.host(usual.name(), server));
        return hosts;
    }
}
