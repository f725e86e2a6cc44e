package dev.wharf.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Builds an OCI image archive of layers as they are given, sound or not. Source: OCI image layout. */
final class ImageArchive {
    /**
     * A layer as the image lists and stores it.
     *
     * @param mediaType what the manifest says it is
     * @param digest what the manifest calls it
     * @param diffId what the config calls it unpacked
     * @param blob its bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // Layers are not compared.
    record Layer(String mediaType, String digest, String diffId, byte[] blob) {
        /** An uncompressed layer. */
        static Layer plain(byte[] tar) {
            return new Layer("application/vnd.oci.image.layer.v1.tar", digestOf(tar), digestOf(tar), tar);
        }

        /** A layer compressed by gzip. */
        static Layer gzip(byte[] tar) {
            return compressed("gzip", gzipped(tar), tar);
        }

        /** A layer of a compressed blob that unpacks, or should unpack, to an archive. */
        static Layer compressed(String how, byte[] blob, byte[] tar) {
            return new Layer("application/vnd.oci.image.layer.v1.tar+" + how, digestOf(blob), digestOf(tar), blob);
        }

        Layer withDiffId(String other) {
            return new Layer(mediaType, digest, other, blob);
        }

        Layer withBlob(byte[] other) {
            return new Layer(mediaType, digest, diffId, other);
        }
    }

    private final String name;
    private final List<Layer> layers;
    private final Documents documents;

    ImageArchive(String name, Layer... layers) {
        this(name, List.of(layers), new Documents(null, null, null));
    }

    private ImageArchive(String name, List<Layer> layers, Documents documents) {
        this.name = name;
        this.layers = layers;
        this.documents = documents;
    }

    /** Documents in place of those that fit the layers; null for the fitting one. */
    @SuppressWarnings("ArrayRecordComponent") // Documents are not compared.
    private record Documents(byte @Nullable [] index, byte @Nullable [] manifest, byte @Nullable [] config) {}

    /** The same with this as index, whatever it is. */
    ImageArchive withIndex(byte[] index) {
        return new ImageArchive(name, layers, new Documents(index, documents.manifest(), documents.config()));
    }

    /** The same with this as manifest, which the index names. */
    ImageArchive withManifest(byte[] manifest) {
        return new ImageArchive(name, layers, new Documents(documents.index(), manifest, documents.config()));
    }

    /** The same with this as config, which the manifest names. */
    ImageArchive withConfig(byte[] config) {
        return new ImageArchive(name, layers, new Documents(documents.index(), documents.manifest(), config));
    }

    /** Writes it to a file. */
    Path write(Path file) {
        try {
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] bytes() {
        TarWriter archive = new TarWriter().file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
        byte[] manifest = manifest();
        archive.file("index.json", index());
        archive.file(path(digestOf(manifest)), manifest);
        blobs().forEach((digest, blob) -> archive.file(path(digest), blob));
        return archive.bytes();
    }

    /** The index, which names the image. */
    byte[] index() {
        if (documents.index() != null) {
            return documents.index();
        }
        byte[] manifest = manifest();
        String annotations = ",\"annotations\":{\"io.containerd.image.name\":\"" + name + "\"}";
        return utf8("{\"schemaVersion\":2,\"manifests\":["
                + descriptor(
                        "application/vnd.oci.image.manifest.v1+json", digestOf(manifest), manifest.length, annotations)
                + "]}");
    }

    /** The blobs below the manifest, by what it calls them. */
    Map<String, byte[]> blobs() {
        Map<String, byte[]> blobs = new LinkedHashMap<>();
        blobs.put(digestOf(config()), config());
        layers.forEach(layer -> blobs.put(layer.digest(), layer.blob()));
        return blobs;
    }

    /** The config. */
    byte[] config() {
        if (documents.config() != null) {
            return documents.config();
        }
        return utf8("""
                {"architecture":"%s","os":"linux","config":{"Cmd":["sh"]},"rootfs":{"type":"layers","diff_ids":[%s]}}""".formatted(
                architecture(),
                join(layers.stream().map(layer -> "\"" + layer.diffId() + "\"").toList())));
    }

    /** The manifest. */
    byte[] manifest() {
        if (documents.manifest() != null) {
            return documents.manifest();
        }
        List<String> descriptors = new ArrayList<>();
        for (Layer layer : layers) {
            descriptors.add(descriptor(layer.mediaType(), layer.digest(), layer.blob().length, ""));
        }
        byte[] config = config();
        return utf8("""
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}""".formatted(
                        descriptor("application/vnd.oci.image.config.v1+json", digestOf(config), config.length, ""),
                        join(descriptors)));
    }

    private static String descriptor(String mediaType, String digest, int size, String more) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}".formatted(mediaType, digest, size, more);
    }

    private static String path(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }

    private static String join(List<String> parts) {
        return String.join(",", parts);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The processor of this machine as images name it. */
    static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }

    static byte[] gzipped(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static String digestOf(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
