package dev.wharf.cmd.wharf.command;

import dev.wharf.client.WharfClient;
import dev.wharf.cmd.wharf.grpc.NettyChannels;
import dev.wharf.cmd.wharf.output.JsonText;
import dev.wharf.core.context.Context;
import dev.wharf.core.images.Image;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a command works with: the options all commands have, the streams, and the connection, made when first used. */
public final class Session implements AutoCloseable {
    private final Globals globals;
    private final PrintStream out;
    private final PrintStream err;
    private @Nullable WharfClient client;

    /** A session that is not connected yet. */
    public Session(Globals globals, PrintStream out, PrintStream err) {
        this.globals = globals;
        this.out = out;
        this.err = err;
    }

    /** The connection to the daemon. */
    public WharfClient client() {
        WharfClient connected = client;
        if (connected == null) {
            connected = WharfClient.connect(Path.of(globals.address()), socket -> new NettyChannels().connect(socket));
            client = connected;
        }
        return connected;
    }

    /** The context of requests. */
    public Context ctx() {
        return Context.of(globals.namespace());
    }

    /** The snapshotter that was asked for, else the namespace's. */
    public String snapshotter(String asked) {
        return asked.isEmpty() ? client().defaultSnapshotter(ctx()) : asked;
    }

    /** Where FIFOs are made: beside a daemon at its usual place; empty for temporary files. */
    Optional<Path> fifos(String asked) {
        if (!asked.isEmpty()) {
            return Optional.of(Path.of(asked).toAbsolutePath());
        }
        Path address = Path.of(globals.address());
        return globals.address().equals(Globals.DEFAULT_ADDRESS)
                ? Optional.of(address.resolveSibling("fifo"))
                : Optional.empty();
    }

    /** The options all commands have. */
    public Globals globals() {
        return globals;
    }

    /** Where results go. */
    public PrintStream out() {
        return out;
    }

    /** Where everything else goes. */
    public PrintStream err() {
        return err;
    }

    /** Prints names and digests of images that were brought in. */
    void printImages(List<Image> images) {
        if (globals.json()) {
            List<Map<String, Object>> all = new ArrayList<>();
            for (Image image : images) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("name", image.name());
                one.put("mediaType", image.target().mediaType());
                one.put("digest", image.target().digest());
                all.add(one);
            }
            out.println(JsonText.of(all));
        } else {
            images.forEach(
                    image -> out.println(image.name() + " " + image.target().digest()));
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
