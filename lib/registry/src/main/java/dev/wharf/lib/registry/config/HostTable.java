package dev.wharf.lib.registry.config;

import dev.wharf.lib.registry.Capability;
import dev.wharf.lib.registry.RegistryHost;
import dev.wharf.lib.registry.tls.HostTls;
import dev.wharf.lib.registry.tls.HostTls.ClientPair;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** The settings of one host in a {@code hosts.toml}; unknown keys are passed over. */
final class HostTable {
    private final TomlTable table;
    private final Path directory;
    private final String where;

    /** {@code where} names the table in errors. */
    HostTable(TomlTable table, Path directory, String where) {
        this.table = table;
        this.directory = directory;
        this.where = where;
    }

    /** The host at a URL with these settings. */
    RegistryHost host(String name, String url) {
        return new RegistryHost(name, base(url), headers(), capabilities(), tls(HostTls.USUAL), dialTimeout());
    }

    /** The registry itself with these settings; it may be asked for everything, whatever capabilities are listed. */
    RegistryHost usual(RegistryHost usual) {
        capabilities();
        return new RegistryHost(usual.name(), usual.base(), headers(), Capability.ALL, tls(usual.tls()), dialTimeout());
    }

    private URI base(String url) {
        String full = url.contains("://") ? url : "https://" + url;
        URI parsed;
        try {
            parsed = URI.create(full).normalize();
        } catch (IllegalArgumentException e) {
            throw bad("\"" + url + "\" is not a URL");
        }
        if (parsed.getHost() == null || parsed.getRawUserInfo() != null) {
            throw bad("a URL must have a host and no user");
        }
        String path = parsed.getRawPath().replaceAll("/+$", "");
        boolean asItIs = Boolean.TRUE.equals(flag("override_path")) || path.endsWith("/v2");
        return URI.create(parsed.getScheme() + "://" + parsed.getRawAuthority() + path + (asItIs ? "/" : "/v2/"));
    }

    private Set<Capability> capabilities() {
        Object value = value("capabilities");
        if (value == null) {
            return Capability.ALL;
        }
        Set<Capability> found = EnumSet.noneOf(Capability.class);
        for (String name : texts("capabilities", value)) {
            try {
                found.add(Capability.of(name));
            } catch (IllegalArgumentException e) {
                throw bad(String.valueOf(e.getMessage()));
            }
        }
        return found.isEmpty() ? Capability.ALL : found;
    }

    private HostTls tls(HostTls usual) {
        Object ca = value("ca");
        Object client = value("client");
        Boolean skip = flag("skip_verify");
        return new HostTls(
                ca == null
                        ? List.of()
                        : texts("ca", ca).stream().map(directory::resolve).toList(),
                client == null ? List.of() : clients(client),
                skip == null ? usual.skipVerify() : skip);
    }

    private List<ClientPair> clients(Object value) {
        List<ClientPair> pairs = new ArrayList<>();
        List<Object> elements = value instanceof TomlArray array ? array.toList() : List.of(value);
        for (Object element : elements) {
            List<String> files = texts("client", element);
            boolean pair = element instanceof TomlArray;
            if (files.size() != (pair ? 2 : 1)) {
                throw bad("client must be a file, files, or pairs of certificate and key");
            }
            Path key = pair ? directory.resolve(files.get(1)) : null;
            pairs.add(new ClientPair(directory.resolve(files.getFirst()), key));
        }
        return pairs;
    }

    private Map<String, List<String>> headers() {
        TomlTable values = table(table, "header");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        if (values == null && value("header") != null) {
            throw bad("header is not a table");
        }
        if (values != null) {
            for (String name : values.keySet()) {
                Object value = values.get(List.of(name));
                headers.put(name, texts("header." + name, value));
            }
        }
        return headers;
    }

    private @Nullable Duration dialTimeout() {
        String text = text("dial_timeout");
        try {
            return text.isEmpty() ? null : GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw bad("dial_timeout: " + e.getMessage());
        }
    }

    /** The text of a key; empty when it is missing. */
    String text(String key) {
        Object value = value(key);
        if (value == null) {
            return "";
        }
        if (value instanceof String text) {
            return text;
        }
        throw bad(key + " is not a string");
    }

    private @Nullable Boolean flag(String key) {
        Object value = value(key);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw bad(key + " is not true or false");
    }

    private List<String> texts(String key, @Nullable Object value) {
        if (value instanceof String text) {
            return List.of(text);
        }
        if (!(value instanceof TomlArray array)) {
            throw bad(key + " is not a string or a list of strings");
        }
        List<String> texts = new ArrayList<>();
        for (Object element : array.toList()) {
            if (!(element instanceof String text)) {
                throw bad(key + " is not a string or a list of strings");
            }
            texts.add(text);
        }
        return texts;
    }

    private @Nullable Object value(String key) {
        return table.get(List.of(key));
    }

    /** The table of a key, which may have dots in it; null when there is none. */
    static @Nullable TomlTable table(TomlTable in, String key) {
        return in.get(List.of(key)) instanceof TomlTable found ? found : null;
    }

    private IllegalArgumentException bad(String what) {
        return new IllegalArgumentException(where + ": " + what);
    }
}
