package dev.wharf.cmd.shim.task;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.wharf.api.runc.v1.Options;
import dev.wharf.cmd.shim.bundle.Bundle;
import dev.wharf.shim.ShimException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The options of a container: containerd.runc.v1.Options, or runtimeoptions.v1.Options as the CRI sends them to runtimes
 * it does not know, whose body or file is JSON in the form of {@code options.json}.
 */
final class RuntimeOptions {
    private static final String GENERIC = "runtimeoptions.v1.Options";

    private RuntimeOptions() {}

    /** Reads them; none are the defaults. */
    static Options read(Any any) {
        if (any.getValue().isEmpty()) {
            return Options.getDefaultInstance();
        }
        try {
            return any.getTypeUrl().endsWith(GENERIC)
                    ? generic(dev.wharf.api.runtimeoptions.v1.Options.parseFrom(any.getValue()))
                    : Options.parseFrom(any.getValue());
        } catch (InvalidProtocolBufferException e) {
            throw ShimException.invalidArgument(
                    "runtime options of type " + any.getTypeUrl() + " cannot be read: " + e.getMessage());
        }
    }

    private static Options generic(dev.wharf.api.runtimeoptions.v1.Options options) {
        ByteString body = options.getConfigBody();
        try {
            if (!body.isEmpty()) {
                return Bundle.parseOptions(body.toByteArray());
            }
            return options.getConfigPath().isEmpty()
                    ? Options.getDefaultInstance()
                    : Bundle.parseOptions(Files.readAllBytes(Path.of(options.getConfigPath())));
        } catch (IOException | IllegalArgumentException e) {
            throw ShimException.invalidArgument(
                    "runtime options " + options.getConfigPath() + " cannot be read: " + e.getMessage());
        }
    }
}
