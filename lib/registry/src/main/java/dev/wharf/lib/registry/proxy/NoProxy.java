package dev.wharf.lib.registry.proxy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Hosts reached without a proxy. As everywhere: a comma-separated list of addresses, address ranges ({@code 10.0.0.0/8}),
 * domains (with all below them; with a leading dot only those below), each with an optional port, or {@code *} for all.
 * This machine itself is never reached through a proxy.
 */
public final class NoProxy {
    private final List<Entry> entries;

    private NoProxy(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** One element of the list. */
    private sealed interface Entry {
        boolean has(String host, Optional<InetAddress> address, int port);
    }

    private record Everyone() implements Entry {
        @Override
        public boolean has(String host, Optional<InetAddress> address, int port) {
            return true;
        }
    }

    private record Range(InetAddress base, int bits) implements Entry {
        @Override
        public boolean has(String host, Optional<InetAddress> address, int port) {
            return address.isPresent()
                    && samePrefix(base.getAddress(), address.get().getAddress(), bits);
        }
    }

    /** An address; port -1 for any. */
    private record Address(InetAddress base, int onPort) implements Entry {
        @Override
        public boolean has(String host, Optional<InetAddress> address, int port) {
            return address.isPresent() && address.get().equals(base) && (onPort < 0 || onPort == port);
        }
    }

    /** A domain with its leading dot; port -1 for any. */
    private record Domain(String suffix, boolean itself, int onPort) implements Entry {
        @Override
        public boolean has(String host, Optional<InetAddress> address, int port) {
            boolean named = host.endsWith(suffix) || (itself && host.equals(suffix.substring(1)));
            return named && (onPort < 0 || onPort == port);
        }
    }

    /** Reads a list; what is no valid element is passed over. */
    public static NoProxy parse(String list) {
        List<Entry> entries = new ArrayList<>();
        for (String part : list.split("[,\\s]+", -1)) {
            String element = part.strip().toLowerCase(Locale.ROOT);
            if (!element.isEmpty()) {
                entry(element).ifPresent(entries::add);
            }
        }
        return new NoProxy(entries);
    }

    private static Optional<Entry> entry(String element) {
        if (element.equals("*")) {
            return Optional.of(new Everyone());
        }
        int slash = element.indexOf('/');
        if (slash >= 0) {
            return range(element.substring(0, slash), element.substring(slash + 1));
        }
        Optional<InetAddress> whole = address(element);
        if (whole.isPresent()) {
            return Optional.of(new Address(whole.get(), -1));
        }
        int colon = element.lastIndexOf(':');
        int port = colon < 0 ? -1 : number(element.substring(colon + 1), 65535);
        String host = port < 0 ? element : element.substring(0, colon);
        Optional<InetAddress> address = address(host);
        if (address.isPresent()) {
            return Optional.of(new Address(address.get(), port));
        }
        return Optional.of(domain(host, port));
    }

    private static Entry domain(String host, int port) {
        String name = host.startsWith("*.") ? host.substring(1) : host;
        boolean below = name.startsWith(".");
        return new Domain(below ? name : "." + name, !below, port);
    }

    private static Optional<Entry> range(String base, String bits) {
        Optional<InetAddress> address = address(base);
        int length = address.map(a -> a.getAddress().length * 8).orElse(0);
        int prefix = number(bits, length);
        return address.isEmpty() || prefix < 0 ? Optional.empty() : Optional.of(new Range(address.get(), prefix));
    }

    /** The number, or -1 when it is none from 0 to the largest. */
    private static int number(String text, int largest) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int value = Integer.parseInt(text);
        return value <= largest ? value : -1;
    }

    private static Optional<InetAddress> address(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean samePrefix(byte[] base, byte[] address, int bits) {
        if (base.length != address.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> i % 8;
            if ((base[i / 8] & mask) != (address[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a host is reached directly; it is as in a URL, an IPv6 address in brackets. */
    public boolean has(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        Optional<InetAddress> address = address(name);
        if (name.equals("localhost")
                || address.filter(InetAddress::isLoopbackAddress).isPresent()) {
            return true;
        }
        return entries.stream().anyMatch(entry -> entry.has(name, address, port));
    }
}
