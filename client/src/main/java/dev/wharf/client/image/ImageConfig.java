package dev.wharf.client.image;

import dev.wharf.client.json.Json;
import dev.wharf.core.oci.Digest;
import dev.wharf.core.oci.Platform;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The config of an image (OCI image specification, image configuration).
 *
 * @param platform what it runs on
 * @param user {@code user[:group]}, names or numbers, or empty
 * @param env {@code NAME=value} each
 * @param entrypoint or none
 * @param command what follows the entrypoint, or none
 * @param workingDir or empty
 * @param labels free labels
 * @param stopSignal or empty
 * @param diffIds digests of the layers' archives, lowest first
 */
public record ImageConfig(
        Platform platform,
        String user,
        List<String> env,
        List<String> entrypoint,
        List<String> command,
        String workingDir,
        Map<String, String> labels,
        String stopSignal,
        List<Digest> diffIds) {
    public ImageConfig {
        env = List.copyOf(env);
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        labels = Map.copyOf(labels);
        diffIds = List.copyOf(diffIds);
    }

    /** Parses a config; {@code INVALID_ARGUMENT}. */
    public static ImageConfig parse(byte[] document) {
        JsonNode root = Json.parse(document, "image config");
        JsonNode config = root.path("config");
        return new ImageConfig(
                new Platform(Json.text(root, "os"), Json.text(root, "architecture"), Json.text(root, "variant")),
                Json.text(config, "User"),
                Json.texts(config, "Env"),
                Json.texts(config, "Entrypoint"),
                Json.texts(config, "Cmd"),
                Json.text(config, "WorkingDir"),
                Json.map(config, "Labels"),
                Json.text(config, "StopSignal"),
                Json.texts(root.path("rootfs"), "diff_ids").stream()
                        .map(Digest::parse)
                        .toList());
    }
}
