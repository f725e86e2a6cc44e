package dev.wharf.lib.ttrpc;

import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * gRPC headers as the key and value pairs of a ttRPC request, and back.
 *
 * <p>Pair values are protobuf strings, so the value of a {@code -bin} header travels as base64, which is what gRPC
 * does over HTTP/2. Incoming pairs whose key gRPC has no room for (RFC 7230 tokens only) are left out.
 */
final class MetadataFields {
    /** One pair. */
    record Pair(String key, String value) {}

    static List<Pair> pairs(Metadata headers) {
        List<Pair> pairs = new ArrayList<>();
        for (String name : headers.keys()) {
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                addBinary(pairs, name, headers);
            } else {
                for (String value : Objects.requireNonNull(headers.getAll(ascii(name)))) {
                    pairs.add(new Pair(name, value));
                }
            }
        }
        return pairs;
    }

    private static void addBinary(List<Pair> pairs, String name, Metadata headers) {
        for (byte[] value : Objects.requireNonNull(headers.getAll(binary(name)))) {
            pairs.add(new Pair(name, Base64.getEncoder().withoutPadding().encodeToString(value)));
        }
    }

    static void put(Metadata headers, Pair pair) {
        try {
            if (pair.key().endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                headers.put(binary(pair.key()), Base64.getDecoder().decode(pair.value()));
            } else {
                headers.put(ascii(pair.key()), pair.value());
            }
        } catch (IllegalArgumentException notAHeader) {
            // Go's metadata allows any string as a key; no gRPC interceptor could ask for this one.
            return;
        }
    }

    private static Metadata.Key<String> ascii(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static Metadata.Key<byte[]> binary(String name) {
        return Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
    }

    private MetadataFields() {}
}
