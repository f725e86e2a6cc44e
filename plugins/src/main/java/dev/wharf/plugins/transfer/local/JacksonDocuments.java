package dev.wharf.plugins.transfer.local;

import dev.wharf.core.error.ErrorKind;
import dev.wharf.core.error.WharfException;
import dev.wharf.core.images.Config;
import dev.wharf.core.images.Documents;
import dev.wharf.core.images.Index;
import dev.wharf.core.images.Manifest;
import dev.wharf.core.oci.Descriptor;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.Platform;
import dev.wharf.lib.registry.ImageIndex;
import dev.wharf.lib.registry.ImageManifest;
import dev.wharf.lib.registry.RegistryException;
import dev.wharf.lib.registry.RemoteDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Manifests and indexes as the registry client reads them, configs by Jackson. */
final class JacksonDocuments implements Documents {
    /** Far more than the kernel can stack. */
    private static final int MAX_LAYERS = 4096;

    /** Without a table of the names that came up, which would grow by what strangers write. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .build())
            .build();

    @Override
    public Manifest manifest(byte[] document) {
        return checked(() -> {
            ImageManifest manifest = ImageManifest.parse(document);
            return new Manifest(
                    descriptor(manifest.config()),
                    manifest.layers().stream().map(JacksonDocuments::descriptor).toList());
        });
    }

    @Override
    public Index index(byte[] document) {
        return checked(() -> new Index(ImageIndex.parse(document).manifests().stream()
                .map(entry -> new Index.Entry(
                        descriptor(entry.descriptor()), entry.platform().map(JacksonDocuments::platform)))
                .toList()));
    }

    @Override
    public Config config(byte[] document) {
        JsonNode root = tree(document, "image config");
        List<Digest> diffIds = new ArrayList<>();
        for (JsonNode diffId : root.path("rootfs").path("diff_ids")) {
            if (diffIds.size() == MAX_LAYERS) {
                throw ErrorKind.RESOURCE_EXHAUSTED.of("image config with more than " + MAX_LAYERS + " layers");
            }
            diffIds.add(Digest.parse(diffId.stringValue("")));
        }
        return new Config(new Platform(text(root, "os"), text(root, "architecture"), text(root, "variant")), diffIds);
    }

    static JsonNode tree(byte[] document, String what) {
        try {
            return MAPPER.readTree(document);
        } catch (JacksonException e) {
            throw ErrorKind.INVALID_ARGUMENT.of("parse " + what + ": " + e.getOriginalMessage());
        }
    }

    static byte[] bytes(JsonNode tree) {
        return MAPPER.writeValueAsBytes(tree);
    }

    static String text(JsonNode node, String member) {
        return node.path(member).stringValue("");
    }

    static Descriptor descriptor(RemoteDescriptor remote) {
        return new Descriptor(remote.mediaType(), Digest.parse(remote.digest()), remote.size(), remote.annotations());
    }

    private static Platform platform(ImageIndex.RemotePlatform remote) {
        return new Platform(
                remote.os(), remote.architecture(), remote.variant(), remote.osVersion(), remote.osFeatures());
    }

    private static <T> T checked(Supplier<T> parse) {
        try {
            return parse.get();
        } catch (RegistryException e) {
            String message = Optional.ofNullable(e.getMessage()).orElse("bad document");
            throw new WharfException(ErrorKind.INVALID_ARGUMENT, message, e);
        }
    }
}
