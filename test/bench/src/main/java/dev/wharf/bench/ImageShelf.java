package dev.wharf.bench;

import dev.wharf.client.json.Json;
import dev.wharf.core.oci.ChainId;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.MediaTypes;
import dev.wharf.core.oci.Platform;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The images the daemons pull, the same in every run, each made and put into the registry when first asked for. */
final class ImageShelf {
    private static final int LARGE_LAYERS = 6;
    private static final int MEBIBYTE = 1 << 20;
    private static final int FILES_IN_DIRECTORY = 250;
    private static final int LARGEST_SMALL_FILE = 4_000;
    private static final long SEED = 20_260_101;

    /**
     * An image in the registry.
     *
     * @param name its full name
     * @param chainId the key of the snapshot of all its layers
     */
    record Shelved(String name, String chainId) {}

    /** Writes what is in a layer. */
    private interface LayerContent {
        void write(LayerWriter layer) throws IOException;
    }

    private record Layer(String digest, long size, String diffId) {}

    private final RegistryProcess registry;
    private final Path directory;
    private final Options options;
    private final Map<String, Shelved> made = new HashMap<>();

    ImageShelf(RegistryProcess registry, Path directory, Options options) {
        this.registry = registry;
        this.directory = directory;
        this.options = options;
    }

    /** One layer with this machine's static busybox. */
    Shelved busybox() {
        return image("bench/busybox", List.of(ImageShelf::busyboxRoot));
    }

    /** Six large layers of a few files each, half of them text. */
    Shelved largeLayers() {
        List<LayerContent> layers = new ArrayList<>();
        for (int i = 0; i < LARGE_LAYERS; i++) {
            int number = i;
            layers.add(layer -> largeFiles(layer, number, options.layerMebibytes()));
        }
        return image("bench/large", layers);
    }

    /** One layer of many small files, others for each number. */
    Shelved smallFiles(int number) {
        return image(
                "bench/small" + (number + options.warmups()),
                List.of(layer -> smallFiles(layer, number, options.smallFiles())));
    }

    private static void busyboxRoot(LayerWriter layer) throws IOException {
        for (String name : List.of("bin", "dev", "proc", "sys", "run", "etc", "tmp")) {
            layer.directory(name);
        }
        layer.file("bin/busybox", 0755, Files.readAllBytes(onPath("busybox")));
    }

    private static Path onPath(String program) {
        for (String folder : List.of(System.getenv("PATH").split(":", -1))) {
            Path file = Path.of(folder, program);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        throw new IllegalStateException(program + " is not on PATH");
    }

    private static void largeFiles(LayerWriter layer, int number, int mebibytes) throws IOException {
        Random random = new Random(SEED + number);
        String folder = "data" + number;
        layer.directory(folder);
        byte[] content = new byte[MEBIBYTE];
        for (int i = 0; i < mebibytes; i++) {
            random.nextBytes(content);
            fillText(content, content.length / 2, random);
            layer.file(folder + "/file" + i, 0644, content);
        }
    }

    private static void smallFiles(LayerWriter layer, int number, int count) throws IOException {
        Random random = new Random(SEED + number);
        String folder = "";
        for (int i = 0; i < count; i++) {
            if (i % FILES_IN_DIRECTORY == 0) {
                folder = "files" + i / FILES_IN_DIRECTORY;
                layer.directory(folder);
            }
            byte[] content = new byte[random.nextInt(LARGEST_SMALL_FILE)];
            fillText(content, 0, random);
            layer.file(folder + "/file" + i, 0644, content);
        }
    }

    /** Something that compresses about as well as programs do. */
    private static void fillText(byte[] content, int from, Random random) {
        for (int i = from; i < content.length; i++) {
            content[i] = (byte) ('a' + (random.nextInt() & 0xf));
        }
    }

    private Shelved image(String repository, List<LayerContent> contents) {
        Shelved known = made.get(repository);
        if (known == null) {
            known = make(repository, contents);
            made.put(repository, known);
        }
        return known;
    }

    private Shelved make(String repository, List<LayerContent> contents) {
        try {
            List<Layer> layers = new ArrayList<>();
            for (LayerContent content : contents) {
                layers.add(push(repository, content));
            }
            byte[] config = config(layers);
            Path file = Files.write(directory.resolve("config.json"), config);
            registry.pushBlob(repository, Digest.sha256(config).toString(), file);
            registry.pushManifest(repository, MediaTypes.OCI_MANIFEST, manifest(config, layers));
            List<Digest> diffIds =
                    layers.stream().map(layer -> Digest.parse(layer.diffId())).toList();
            return new Shelved(
                    registry.reference(repository),
                    ChainId.ofEach(diffIds).getLast().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Layer push(String repository, LayerContent content) throws IOException {
        Path file = directory.resolve("layer.tar.gz");
        MessageDigest compressed = Digest.newMessageDigest("sha256");
        MessageDigest plain = Digest.newMessageDigest("sha256");
        try (OutputStream out = Files.newOutputStream(file);
                LayerWriter layer = new LayerWriter(new DigestOutputStream(
                        new GZIPOutputStream(new DigestOutputStream(out, compressed), 1 << 16), plain))) {
            content.write(layer);
        }
        String digest = Digest.of("sha256", compressed.digest()).toString();
        registry.pushBlob(repository, digest, file);
        long size = Files.size(file);
        Files.delete(file);
        return new Layer(digest, size, Digest.of("sha256", plain.digest()).toString());
    }

    private static byte[] config(List<Layer> layers) {
        Platform host = Platform.host();
        ObjectNode config =
                Json.object().put("architecture", host.architecture()).put("os", host.os());
        config.set("config", Json.object());
        ObjectNode roots = Json.object().put("type", "layers");
        roots.set("diff_ids", Json.tree(layers.stream().map(Layer::diffId).toList()));
        config.set("rootfs", roots);
        return Json.bytes(config);
    }

    private static byte[] manifest(byte[] config, List<Layer> layers) {
        ObjectNode manifest = Json.object().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_MANIFEST);
        manifest.set(
                "config",
                descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(config).toString(), config.length));
        ArrayNode list = manifest.putArray("layers");
        layers.forEach(layer -> list.add(descriptor(MediaTypes.OCI_LAYER_GZIP, layer.digest(), layer.size())));
        return Json.bytes(manifest);
    }

    private static ObjectNode descriptor(String mediaType, String digest, long size) {
        return Json.object().put("mediaType", mediaType).put("digest", digest).put("size", size);
    }
}
