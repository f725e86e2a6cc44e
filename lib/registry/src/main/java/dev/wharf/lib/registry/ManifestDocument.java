package dev.wharf.lib.registry;

import dev.wharf.lib.registry.RegistryException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the parts that manifests and indexes share; fields it does not know are passed over. */
final class ManifestDocument {
    /** Far more than the kernel can stack (500) or any index has. */
    private static final int MAX_DESCRIPTORS = 4096;

    private final JsonNode root;
    private final String what;

    ManifestDocument(byte[] document, String what) {
        this.what = what;
        this.root = Json.object(document, what);
        if (Json.number(root, "schemaVersion", 0) != 2) {
            throw new RegistryException(Kind.UNSUPPORTED, what + " is not of schema version 2");
        }
    }

    String mediaType() {
        return Json.text(root, "mediaType");
    }

    Map<String, String> annotations() {
        return annotations(root);
    }

    boolean has(String field) {
        return root.has(field);
    }

    RemoteDescriptor descriptor(String field) {
        return descriptor(root.get(field), field);
    }

    /** What one element of a list of descriptors becomes. */
    interface Element<T> {
        T of(JsonNode node, RemoteDescriptor descriptor);
    }

    <T> List<T> descriptors(String field, Element<T> element) {
        JsonNode list = root.get(field);
        if (list == null || list.isNull()) {
            return List.of();
        }
        if (!list.isArray()) {
            throw invalid(field + " is not a list");
        }
        if (list.size() > MAX_DESCRIPTORS) {
            throw new RegistryException(
                    Kind.TOO_LARGE, what + ": " + list.size() + " " + field + ", the bound is " + MAX_DESCRIPTORS);
        }
        List<T> elements = new ArrayList<>();
        for (JsonNode node : list) {
            elements.add(element.of(node, descriptor(node, field)));
        }
        return elements;
    }

    private RemoteDescriptor descriptor(@Nullable JsonNode node, String field) {
        if (node == null || !node.isObject()) {
            throw invalid(field + " has no descriptor");
        }
        String digest = Json.text(node, "digest");
        long size = Json.number(node, "size", -1);
        if (!RemoteDigest.isDigest(digest) || size < 0) {
            throw invalid(field + " has a descriptor without a valid digest and size");
        }
        return new RemoteDescriptor(Json.text(node, "mediaType"), digest, size, annotations(node));
    }

    private static Map<String, String> annotations(JsonNode node) {
        JsonNode annotations = node.get("annotations");
        Map<String, String> found = new HashMap<>();
        if (annotations != null && annotations.isObject()) {
            annotations.propertyNames().forEach(key -> found.put(key, Json.text(annotations, key)));
        }
        return found;
    }

    private RegistryException invalid(String message) {
        return new RegistryException(Kind.INVALID, what + ": " + message);
    }
}
